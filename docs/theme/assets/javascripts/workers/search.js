// Stands in for Material's search worker and speaks its messages. What answers is fetched when the page says that the
// search box has the focus (search/box.js), so that a page that nobody searches from fetches none of it.

const [SETUP, READY, QUERY, RESULT] = [0, 1, 2, 3]; // Material's message types

/** @type {Promise<(text: string) => object> | undefined} */
let loading;
let again = ""; // some browsers keep it if a module cannot be fetched, so the next try has another address

/** Fetch the index and what reads it, once. */
function load() {
  loading ??= Promise.all([import(`../search/results.js${again}`), fetchIndex()]).then(
    ([{ answerer }, index]) => answerer(index),
  );
  loading.catch(() => {
    again += "#";
    loading = undefined; // the next key tries again
  });
  return loading;
}

async function fetchIndex() {
  const response = await fetch(new URL("../../../search/docs.json", location.href), { cache: "no-cache" });
  return response.json();
}

/** @param {string} text */
async function answer(text) {
  if (!text.trim()) return { items: [] };
  try {
    return (await load())(text);
  } catch (error) {
    return { items: [], failed: String(error) };
  }
}

let asked = 0;

/** Answer the last query only: each answer draws the list anew, and takes the focus from it. @param {string} text */
async function answerLast(text) {
  const number = ++asked;
  const data = await answer(text);
  if (number === asked) postMessage({ type: RESULT, data });
}

addEventListener("message", ({ data: { type, data } }) => {
  if (type === SETUP) postMessage({ type: READY });
  else if (type === QUERY) answerLast(data);
  else load().catch(() => {}); // the box has the focus; a query would say that it failed
});
