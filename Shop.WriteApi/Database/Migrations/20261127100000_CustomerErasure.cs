using System;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Shop.WriteApi.Database.Migrations
{
    /// <summary>Customers whose personal data was replaced, and an index that finds their stored responses.</summary>
    [DbContext(typeof(ShopDbContext))]
    [Migration("20261127100000_CustomerErasure")]
    public sealed class CustomerErasure : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "erased_at", table: "customers", type: "timestamp with time zone", nullable: true);
            migrationBuilder.Sql(
                """
                create index ix_idempotency_keys_location on idempotency_keys (location)
                where location like '/customers/%'
                """);
        }

        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("drop index ix_idempotency_keys_location");
            migrationBuilder.DropColumn(name: "erased_at", table: "customers");
        }
    }
}
