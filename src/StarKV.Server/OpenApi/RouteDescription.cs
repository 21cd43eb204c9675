using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using StarKV.Server.Errors;

namespace StarKV.Server.OpenApi;

/// <summary>What a route does, for the document that describes the server; a route without one is not in it.</summary>
/// <param name="Name">The operation, as generated clients call it.</param>
/// <param name="Tag">What it belongs to.</param>
/// <param name="Summary">What it does.</param>
/// <param name="Answer">What it answers with.</param>
internal sealed record RouteDescription(string Name, string Tag, string Summary, Type Answer)
{
    private static readonly MethodInfo s_handler = ((RequestDelegate)Handler).Method;

    /// <value>What the request's body holds; null (default) where it has none.</value>
    public Type? Body { get; init; }

    /// <value>Statuses of errors; default those that every route may give.</value>
    public IReadOnlyList<int> Errors { get; init; } = [401, 403];

    /// <summary>Adds it to a route.</summary>
    public void AddTo(IEndpointConventionBuilder route)
    {
        route.WithMetadata(
            s_handler, new EndpointNameMetadata(Name), new EndpointSummaryAttribute(Summary), new TagsAttribute(Tag),
            new ProducesResponseTypeMetadata(StatusCodes.Status200OK, Answer, ["application/json"]));
        foreach (var status in Errors)
            route.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(ErrorBody), ["application/json"]));
        if (Body is { } body)
            // Without a type of content: a body is read as JSON whatever its client calls it.
            route.WithMetadata(new AcceptsMetadata([], body));
    }

    /// <summary>What every route is: it takes the whole request.</summary>
    private static Task Handler(HttpContext context) => Task.CompletedTask;
}
