using Shop.ReadApi.Health;
using Shop.ReadApi.Orders;
using Shop.ReadModel;
using Shop.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddReadModelForReaders();
builder.AddOrders();
builder.AddLagHealthCheck();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapOrders();
app.Run();
