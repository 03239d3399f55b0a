// What Material's bundle and Pyodide give to the scripts here.
declare const document$: { subscribe(listener: () => void): void };
declare module "*/pyodide.mjs" {
  export * from "pyodide";
}
