using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Shop.WriteApi.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class ServeOldestCustomerChangeFirst : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "requested_at",
                table: "customer_changes",
                type: "timestamp with time zone",
                nullable: false,
                defaultValueSql: "now()");

            migrationBuilder.CreateIndex(
                name: "ix_customer_changes_requested_at",
                table: "customer_changes",
                column: "requested_at");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_customer_changes_requested_at",
                table: "customer_changes");

            migrationBuilder.DropColumn(
                name: "requested_at",
                table: "customer_changes");
        }
    }
}
