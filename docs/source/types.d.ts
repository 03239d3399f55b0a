// What Material's bundle gives to the scripts here.
declare const document$: { subscribe(listener: () => void): void };
