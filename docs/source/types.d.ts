// What Material's bundle and the page (theme/main.html) give to the scripts here.
declare const document$: { subscribe(listener: () => void): void };
declare const root: URL; // the home of the Chinese site, below which everything lies
declare function text(chinese: string, english: string): string; // in source.js build.py puts the one in its place
