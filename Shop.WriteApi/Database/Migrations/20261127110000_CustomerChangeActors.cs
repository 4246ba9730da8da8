using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Shop.WriteApi.Database.Migrations;

/// <summary>Who changed or erased a customer; null for changes that were pending before this migration.</summary>
[DbContext(typeof(ShopDbContext))]
[Migration("20261127110000_CustomerChangeActors")]
internal sealed class CustomerChangeActors : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        "alter table customer_changes add column actor_subject varchar(255), add column actor_role varchar(20);");

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        "alter table customer_changes drop column actor_subject, drop column actor_role;");
}
