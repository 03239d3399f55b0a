// Byte-compile, with Pyodide's own Python, what the snippets import, so that the reader's browser need not.
//   node compile.mjs stdlib.zip packages.zip folder     writes both, compiled, into the folder
// The names of the modules to import come on standard input, one a line; what they load is compiled.
import fs from "node:fs";
import { loadPyodide } from "pyodide";

process.on("uncaughtException", (error) => {
  console.error(error.message); // without the line of Pyodide that threw it, which is a megabyte long
  process.exit(1);
});
const [stdlib, packages, folder] = process.argv.slice(2);
const python = await loadPyodide();
python.FS.writeFile("/stdlib.zip", fs.readFileSync(stdlib));
python.FS.writeFile("/packages.zip", fs.readFileSync(packages));
python.globals.set("names", fs.readFileSync(0, "utf8"));
python.runPython(`
import ast, contextlib, importlib, importlib.util, sys, zipfile
from importlib._bootstrap_external import _code_to_hash_pyc

sys.path.append("/packages.zip")
for name in names.split():
    with contextlib.suppress(ImportError):  # some exist on other systems only
        importlib.import_module(name)
loaded = {
    module.__spec__.origin.partition(".zip/")[2]
    for module in list(sys.modules.values())
    if getattr(module, "__spec__", None) and ".zip/" in (module.__spec__.origin or "")
}


def without_docstrings(source):  # a seventh of the download
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            if ast.get_docstring(node, clean=False) is not None:
                node.body[0].value = ast.copy_location(ast.Constant(""), node.body[0].value)
    return tree


def compile_zip(source, target):
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for info in sorted(old.infolist(), key=lambda info: info.filename):
            data, name = old.read(info), info.filename
            if name in loaded and name.endswith(".py"):
                code = compile(without_docstrings(data), name, "exec", dont_inherit=True)
                data = _code_to_hash_pyc(code, importlib.util.source_hash(data), False)
                name += "c"
            new.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED, 9)


compile_zip("/stdlib.zip", "/stdlib.out")
compile_zip("/packages.zip", "/packages.out")
`);
for (const name of ["stdlib", "packages"])
  fs.writeFileSync(`${folder}/${name}.zip`, python.FS.readFile(`/${name}.out`));
