"""Of the indexes that Django makes for prefixes of texts, those of doorplates that nothing asks for a prefix of.

A token is looked up whole, a township too; each of millions of rows was written into them all the same. The register's
code and the township claimed keep theirs: filters and the accounts of a county ask for how these begin.
"""

from django.db import migrations

DROP = """
    DROP INDEX IF EXISTS layers_digitaldoorplate_token_b4aebdfe_like, layers_digitaldoorplate_township_located_61b284e6_like
"""
MAKE = """
    CREATE INDEX layers_digitaldoorplate_token_b4aebdfe_like
        ON layers_digitaldoorplate (token varchar_pattern_ops);
    CREATE INDEX layers_digitaldoorplate_township_located_61b284e6_like
        ON layers_digitaldoorplate (township_located varchar_pattern_ops)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("layers", "0016_search_functions"),
    ]

    operations = [migrations.RunSQL(DROP, MAKE)]
