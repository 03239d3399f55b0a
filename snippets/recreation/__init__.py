"""ComfyUI v0.3.10's server, rebuilt: modules and names as there.

`server`, `execution`, `main`, `nodes` and `folder_paths` bear the
names of ComfyUI's files; `cli_args`, `model_management` and `utils`
lie in its folder `comfy`, `internal_routes` in `api_server`. Only
`serving` is ours: it runs the server for as long as a block lasts.
Comments that begin with "ComfyUI:" say what differs there.
"""
