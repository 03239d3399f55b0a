// What Material's bundle, Pyodide and MiniSearch give to the scripts here.
declare const document$: { subscribe(listener: () => void): void };
declare module "*/pyodide.js" {
  export * from "pyodide";
}
declare module "*/pyodide.asm.js" {
  const createPyodideModule: import("pyodide").PyodideConfig["createPyodideModule"];
  export default createPyodideModule;
}
declare module "*/minisearch.js" {
  export { default } from "minisearch";
}
