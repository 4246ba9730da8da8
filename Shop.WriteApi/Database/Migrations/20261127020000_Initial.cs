using System;
using System.Globalization;
using System.IO;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Shop.WriteApi.Database.Migrations
{
    /// <summary>
    /// The whole schema and the catalogue that a new shop starts with. Customers and products are in EF's model; the
    /// other tables are plain SQL (docs/decisions/0009-one-data-access-style.md).
    /// </summary>
    public partial class Initial : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "customers",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    email = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false),
                    country = table.Column<string>(type: "character varying(2)", maxLength: 2, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_customers", x => x.id);
                    table.CheckConstraint("ck_customers_country", "country ~ '^[A-Z]{2}$'");
                    table.CheckConstraint("ck_customers_name", "name <> ''");
                    table.CheckConstraint("ck_customers_version", "version >= 1");
                });

            migrationBuilder.CreateTable(
                name: "products",
                columns: table => new
                {
                    sku = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    category = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    price = table.Column<long>(type: "bigint", nullable: false),
                    currency = table.Column<string>(type: "character varying(3)", maxLength: 3, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_products", x => x.sku);
                    table.CheckConstraint("ck_products_currency", "currency ~ '^[A-Z]{3}$'");
                    table.CheckConstraint("ck_products_price", "price between 0 and 999999999999999");
                    table.CheckConstraint("ck_products_version", "version >= 1");
                });

            migrationBuilder.CreateIndex(
                name: "ix_products_category_sku",
                table: "products",
                columns: new[] { "category", "sku" });

            using (var sql = Open("Initial.sql"))
                migrationBuilder.Sql(sql.ReadToEnd());
            InsertCatalogue(migrationBuilder);
        }

        protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
            """
            drop table customer_changes, idempotency_keys, outbox, order_events, order_lines, refunds, shipments,
                payments, orders, products, customers, database_identity
            """);

        private static void InsertCatalogue(MigrationBuilder migrationBuilder)
        {
            using var products = Open("catalogue.tsv");
            products.ReadLine();
            while (products.ReadLine() is { } line)
            {
                if (line.Split('\t') is not [var sku, var name, var category, var price, var currency])
                    continue;
                migrationBuilder.InsertData(
                    "products",
                    ["sku", "version", "name", "category", "price", "currency"],
                    ["text", "bigint", "text", "text", "bigint", "text"],
                    [sku, 1L, name, category, long.Parse(price, CultureInfo.InvariantCulture), currency]);
            }
        }

        private static StreamReader Open(string resource) =>
            new(typeof(Initial).Assembly.GetManifestResourceStream(resource));
    }
}
