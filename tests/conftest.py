import pytest


@pytest.fixture(scope="session", autouse=True)
def matplotlib_keeps_its_font_list_in_a_temporary_folder(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MPLCONFIGDIR", str(tmp_path_factory.mktemp("matplotlib")))
        patch.setenv("MPLBACKEND", "agg")
        yield
