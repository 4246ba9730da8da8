using Shop.ReadApi.Orders;
using Shop.ReadModel;
using Shop.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddReadModelForReaders();
builder.AddOrders();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapOrders();
app.Run();
