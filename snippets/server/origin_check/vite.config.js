// Show Vite passing requests on to ComfyUI, with the page's Host.
const target = "http://127.0.0.1:8188";

export default {
  server: {
    port: 3000,
    proxy: {
      "/api": { target },
      "/ws": { target, ws: true },
    },
  },
};
