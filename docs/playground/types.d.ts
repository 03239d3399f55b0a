// What Material's bundle, Pyodide and MiniSearch give to the scripts here.
declare const document$: { subscribe(listener: () => void): void };
declare module "*/pyodide.mjs" {
  export * from "pyodide";
}
declare module "*/minisearch.js" {
  export { default } from "minisearch";
}
