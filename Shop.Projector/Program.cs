using Shop.Projector;
using Shop.Projector.Names;
using Shop.ReadModel;
using Shop.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddReadModel();
builder.AddProjector();
builder.AddNames();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapProjector();
app.Run();
