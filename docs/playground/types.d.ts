// What Material's bundle and MiniSearch give to the scripts here.
declare const document$: { subscribe(listener: () => void): void };
declare module "*/minisearch.js" {
  export { default } from "minisearch";
}
