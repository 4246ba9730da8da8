using Shop.Projector;
using Shop.ReadModel;
using Shop.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddReadModel();
builder.AddProjector();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapProjector();
app.Run();
