import { api } from "../../scripts/api.js";
import { app } from "../../scripts/app.js";

app.registerExtension({
  name: "my_nodes",
  setup() {
    api.addEventListener("my_nodes.tell", (event) => {
      console.log(event.detail.text);
    });
  },
});
