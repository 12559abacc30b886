"""One JupyterLab and one browser for all tests of this folder, and the page most of them share."""

import pytest

from .driver import Lab


@pytest.fixture(scope="package")
def lab(needs):
    with Lab(needs("chromium")) as lab:
        yield lab


@pytest.fixture(scope="package")
def chapter_02(lab):
    """Chapter 02, every cell run."""
    notebook = lab.open("chapters/02_the_chain.ipynb")
    notebook.run_all()
    yield notebook
    notebook.close()
