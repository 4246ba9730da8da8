using Shop.Projector;
using Shop.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddProjector();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapProjector();
app.Run();
