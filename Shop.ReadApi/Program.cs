using Shop.ReadApi.Customers;
using Shop.ReadApi.Export;
using Shop.ReadApi.Health;
using Shop.ReadApi.Live;
using Shop.ReadApi.Orders;
using Shop.ReadApi.Page;
using Shop.ReadModel;
using Shop.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddReadModelForReaders();
builder.AddOrders();
builder.AddLive();
builder.AddExport();
builder.AddCustomers();
builder.AddLagHealthCheck();
builder.AddPage();

var app = builder.Build();
app.UsePage();
app.MapDefaultEndpoints();
app.MapOrders();
app.MapLive();
app.MapExport();
app.MapCustomers();
app.MapPage();
app.Run();
