// What Material's bundle, Pyodide, MiniSearch and prism-code-editor give to the scripts here.
declare const document$: { subscribe(listener: () => void): void };
declare const alert$: { next(text: string): void };
declare module "*/minisearch.js" {
  export { default } from "minisearch";
}
declare module "*/editor/index.js" {
  export * from "prism-code-editor";
}
declare module "*/editor/prism/languages/python.js";
