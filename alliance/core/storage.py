"""Static files: hashed names, compressed once, ES module imports rewritten."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage, following `import` statements in our ES modules."""

    support_js_module_import_aggregation = True
