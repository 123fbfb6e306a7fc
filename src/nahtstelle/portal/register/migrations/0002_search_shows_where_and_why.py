from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("register", "0001_the_register")]

    operations = [
        migrations.AddField("searchentry", "page_type", models.CharField(blank=True, max_length=20)),
        migrations.AddField("searchentry", "page_ref", models.CharField(blank=True, max_length=100)),
        migrations.AddField("searchentry", "text_de", models.TextField(blank=True)),
        migrations.AddField("searchentry", "text_en", models.TextField(blank=True)),
        migrations.AlterField("searchentry", "facets", models.TextField(blank=True)),
        migrations.AlterField("searchentry", "folded", models.CharField(max_length=400)),
        migrations.AddIndex(
            "searchentry", models.Index(fields=["record_type", "folded"], name="search_entry_by_title")
        ),
        migrations.AddIndex(
            "searchterm", models.Index(fields=["stem", "-weight", "entry"], name="search_term_by_weight")
        ),
    ]
