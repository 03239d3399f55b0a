// Stands in for Material's search worker (named behind the `?`) until the search box gets the focus; then query.js
// takes over. So a page that nobody searches from fetches neither the index nor what answers from it.

const [READY, QUERY, RESULT] = [1, 2, 3]; // Material's message types
const post = self.postMessage.bind(self);
let arrived, loading;
const setup = new Promise((resolve) => { arrived = resolve; }); // what Material's page says first

/** Make ready to answer, once. */
function load() {
  if (!loading) {
    importScripts("query.js");
    loading = start();
  }
  return loading;
}

new BroadcastChannel("search").addEventListener("message", load); // the page says that the box has the focus

addEventListener("message", async (event) => {
  if (!event.isTrusted) return; // sent by query.js, meant for Material's worker
  event.stopImmediatePropagation();
  if (event.data.type !== QUERY) {
    arrived(event.data);
    post({ type: READY });
  } else if (event.data.data) {
    await load();
    ask(event.data.data);
  } else {
    post({ type: RESULT, data: { items: [] } });
  }
});
