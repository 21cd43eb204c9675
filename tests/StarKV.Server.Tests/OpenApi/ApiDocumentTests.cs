using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using StarKV.Server.Tests.Http;

namespace StarKV.Server.Tests.OpenApi;

/// <summary>The document that describes the server says what the server does.</summary>
[Collection(ServerTests.Name)]
public sealed class ApiDocumentTests(ServerOfTests server)
{
    private const string Address = "/openapi/v1.json", Reference = "#/components/schemas/";

    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private async Task<JsonElement> Document()
    {
        using var document = JsonDocument.Parse(await server.Client.GetByteArrayAsync(Address, Stop));
        return document.RootElement.Clone();
    }

    [Fact]
    public async Task It_is_the_one_that_was_looked_at() =>
        Snapshot.Check("openapi.json", JsonSerializer.Serialize(await Document(), s_indented) + "\n");

    [Fact]
    public async Task Whatever_it_refers_to_is_in_it()
    {
        var document = await Document();
        var schemas = document.GetProperty("components").GetProperty("schemas").EnumerateObject().Select(s => s.Name).ToHashSet();
        var references = Regex.Matches(document.GetRawText(), "\"\\$ref\": ?\"([^\"]+)\"").Select(m => m.Groups[1].Value).ToHashSet();
        Assert.Contains(Reference + "ErrorBody", references);
        Assert.All(references, r => Assert.Contains(r[Reference.Length..], schemas));
    }

    [Fact]
    public async Task Each_of_its_routes_is_served_with_the_version_and_without()
    {
        var routes = (await Document()).GetProperty("paths").EnumerateObject()
            .SelectMany(p => p.Value.EnumerateObject().Select(o => (Path: p.Name.Replace("{id}", "x", StringComparison.Ordinal), Method: o.Name)))
            .ToList();
        Assert.Contains(("/v1/responses/x/cancel", "post"), routes);
        foreach (var (path, method) in routes.SelectMany(r => new[] { r, (r.Path.Replace("/v1/", "/", StringComparison.Ordinal), r.Method) }))
        {
            using var response = await server.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), Stop);
            var found = response.StatusCode is not HttpStatusCode.MethodNotAllowed
                && (await response.Json()).ToString().Contains("\"not_found\"", StringComparison.Ordinal) is false;
            Assert.True(found, $"{method} {path}: {response.StatusCode}");
        }
    }

    [Fact]
    public async Task Its_page_and_the_page_s_script_come_from_the_server_alone()
    {
        using var page = await server.Client.GetAsync("/scalar", Stop);
        var text = await page.Content.ReadAsStringAsync(Stop);
        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        Assert.Contains("openapi/v1.json", text, StringComparison.Ordinal);
        Assert.DoesNotContain("//", text, StringComparison.Ordinal);
        Assert.Contains("\"telemetry\":false", text, StringComparison.Ordinal);
        Assert.Contains("\"withDefaultFonts\":false", text, StringComparison.Ordinal);
        var scripts = Regex.Matches(text, "src=\"([^\"]+)\"").Select(m => m.Groups[1].Value).ToList();
        Assert.Equal(2, scripts.Count);
        foreach (var script in scripts)
            Assert.NotEmpty(await server.Client.GetByteArrayAsync("/scalar/" + script, Stop));
    }

    [Theory]
    [InlineData("/v1/chat/completions", "messages")]
    [InlineData("/v1/responses", "input")]
    public async Task Each_field_that_it_describes_is_read(string path, string turns)
    {
        var document = await Document();
        var body = document.GetProperty("paths").GetProperty(path).GetProperty("post").GetProperty("requestBody").GetProperty("content")
            .GetProperty("application/json").GetProperty("schema");
        var fields = Fields(document, body, "").ToList();
        Assert.True(fields.Count > 10);
        foreach (var field in fields)
        {
            var request = new JsonObject { ["model"] = "mini", [turns] = new JsonArray(Api.Text("user", "hi")) };
            var names = field.Split('.');
            var at = request;
            foreach (var name in names.SkipLast(1))
                at = (JsonObject)(at[name] = new JsonObject());
            // No field is a list of lists.
            at[names[^1]] = new JsonArray(new JsonArray(1));
            using var response = await server.Client.Post(path, request);
            Assert.True(response.StatusCode == HttpStatusCode.BadRequest, $"{field} is not read.");
            Assert.StartsWith(
                field, (await response.Json()).GetProperty("error").GetProperty("param").GetString(), StringComparison.Ordinal);
        }
    }

    /// <summary>The fields of a body, those within objects by their path; what lists hold is left to the tests of reading.</summary>
    private static IEnumerable<string> Fields(JsonElement document, JsonElement schema, string prefix)
    {
        foreach (var property in Resolved(document, schema).GetProperty("properties").EnumerateObject())
        {
            var path = prefix + property.Name;
            var form = property.Value.TryGetProperty("oneOf", out var forms) ? forms[1] : property.Value;
            if (!form.TryGetProperty("$ref", out _))
                yield return path;
            else
                foreach (var inner in Fields(document, form, path + "."))
                    yield return inner;
        }
    }

    private static JsonElement Resolved(JsonElement document, JsonElement schema) => document.GetProperty("components")
        .GetProperty("schemas").GetProperty(schema.GetProperty("$ref").GetString()![Reference.Length..]);
}
