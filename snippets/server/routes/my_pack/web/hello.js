// Show the page's side of my_pack.
import { app } from "../../scripts/app.js";
import { api } from "../../scripts/api.js";

app.registerExtension({
  name: "my_pack.hello",
  async setup() {
    api.addEventListener("my_pack.greeting", (event) => {
      document.title = event.detail.text;
    });
    const asked = { name: "page", client_id: api.clientId };
    await api.fetchApi("/my_pack/greet", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(asked),
    });
  },
});
