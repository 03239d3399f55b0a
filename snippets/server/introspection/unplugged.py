"""Show when a folder is searched again, and when that fails."""

from pathlib import Path
from tempfile import TemporaryDirectory

from snippets.recreation import folder_paths


# --8<-- [start:unplug]
def main() -> None:
    with TemporaryDirectory() as name:
        models, drive = Path(name, "models"), Path(name, "drive")
        (models / "vae").mkdir(parents=True)
        drive.mkdir()
        (drive / "a.pt").touch()
        (models / "vae" / "usb").symlink_to(drive)
        folder_paths.set_models_directory(models)
        print(folder_paths.get_filename_list("vae"))
        drive.rename(Path(name, "unplugged"))
        try:
            folder_paths.get_filename_list("vae")
        except FileNotFoundError as error:
            print(type(error).__name__)


# --8<-- [end:unplug]
if __name__ == "__main__":
    main()
