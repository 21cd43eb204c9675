using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using StarKV.Server.Tests.Http;

namespace StarKV.Server.Tests.Pages;

/// <summary>The page at <c>/</c>, in a browser, against a server that answers.</summary>
[Collection(ServerTests.Name)]
public sealed class PageTests(ServerOfTests server, Browser browser)
{
    private const string Instruction = "Choose \"Confirm Orders\" in the \"Tasks\" menu.", Opened = "document.querySelectorAll('article.step').length";

    private const string Hostile = "<script>window.taken = 1</script><img src=x onerror=\"window.taken = 1\"> press OK";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>The task of the screens, which are one episode.</summary>
    private static string Episode { get; } =
        JsonNode.Parse(File.ReadAllText(Recordings.Recording.Vectors("screens", "task.json")))!["instruction"]!.GetValue<string>();

    /// <summary>Takes steps of a conversation, each with a further screenshot, of which the last four stay.</summary>
    private static async Task Steps(HttpClient client, string session, string task, int steps, string? keep = null, int first = 0)
    {
        List<JsonNode> messages = [Api.Text("user", task)];
        for (var step = 0; step < steps; step++)
        {
            messages.Add(Api.Shows(first + step));
            var shown = messages.Where(m => m["content"] is JsonArray).ToList();
            if (shown.Count > 4)
                messages.Remove(shown[0]);
            var body = Api.Chat([.. messages]);
            if (keep is not null)
                body["starkv"] = new JsonObject { ["keep"] = keep };
            using var response = await client.Post("/v1/chat/completions", body, session);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            messages.Add(Api.Text("assistant", (await response.Json()).Content()));
        }
    }

    private static string Open(string name) => $"[...document.querySelectorAll('[data-open]')].find(b => b.innerText.includes('{name}'))";

    [Theory]
    [InlineData("page.png", 1400, 1000, false)]
    [InlineData("page-dark.png", 1400, 1000, true)]
    [InlineData("page-narrow.png", 420, 1000, false)]
    public async Task It_looks_as_it_was_looked_at(string snapshot, int width, int height, bool dark)
    {
        await using var own = await server.Another(ServerOfTests.Options);
        using var client = ServerOfTests.ClientOf(own);
        await Steps(client, "orders", Episode, 5, "20%");
        await Steps(client, "settings", "Select the \"Columns\" tab.", 2, first: 3);
        await using var page = await browser.OpenAsync(own.Address, width, height, dark);
        await page.Until($"{Open("orders")}");
        await page.Value($"{Open("orders")}.click()");
        await page.Until($"{Opened} == 5 && {Open("orders")}.ariaCurrent == 'true'");
        Assert.Equal("slide", await page.Text("document.querySelector('article.step .badge').innerText"));
        Assert.Empty(page.Console);
        // Nothing is cut off at the side.
        Assert.Equal("0", (await page.Value("document.documentElement.scrollWidth - document.documentElement.clientWidth"))!.ToString());
        PictureSnapshot.Check(snapshot, await page.Png());
    }

    [Fact]
    public async Task What_a_client_writes_stays_text()
    {
        await using var own = await server.Another(ServerOfTests.Options);
        using var client = ServerOfTests.ClientOf(own);
        await Steps(client, "hostile", Hostile, 1);
        await using var page = await browser.OpenAsync(own.Address);
        await page.Until(Open("hostile"));
        await page.Value($"{Open("hostile")}.click()");
        await page.Until($"{Opened} == 1");
        Assert.Equal(Hostile, await page.Text("document.querySelector('.words').textContent"));
        Assert.Null(await page.Value("window.taken ?? null"));
        Assert.Empty(page.Console);
        using var document = await client.GetAsync("/", Stop);
        Assert.DoesNotContain("unsafe", document.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.DoesNotContain("//", document.Header("Content-Security-Policy"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_follows_what_happens_compares_two_requests_and_drops_a_session_by_keyboard()
    {
        await using var own = await server.Another(ServerOfTests.Options);
        using var client = ServerOfTests.ClientOf(own);
        await using var page = await browser.OpenAsync(own.Address);
        await page.Until("document.querySelector('.empty')");
        await Steps(client, "first", Instruction, 2);
        await Steps(client, "second", Instruction, 1, first: 4);
        await page.Until(Open("first"));
        await page.Value("document.querySelector('[data-open]').focus()");
        await page.Press("ArrowDown", 40);
        await page.Press("Enter", 13, "\r");
        await page.Until($"{Opened} == 2");
        Assert.Equal("session", await page.Text("document.activeElement.id"));

        await page.Value("""
            for (const [i, s] of document.querySelectorAll('select').entries()) {
              s.value = i + 1;
              s.dispatchEvent(new Event('change', { bubbles: true }));
            }
            """);
        await page.Until("document.querySelectorAll('.differences figure').length == 1");
        await page.Until($"{Open("second")}?.innerText.includes('1 step')");
        PictureSnapshot.Check("page-compared.png", await page.Png());

        using (var refused = await client.Post("/v1/chat/completions", Refused(), "first"))
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        await page.Until($"{Opened} == 3 && document.querySelector('article.step .badge').innerText == 'refused'");

        await page.Value("document.querySelector('[data-drop]').focus()");
        await page.Press("Enter", 13, "\r");
        await page.Until($"!{Open("first")} && {Open("second")}");
        Assert.DoesNotContain("\"first\"", await client.GetStringAsync("/v1/sessions", Stop), StringComparison.Ordinal);
        await page.Value($"{Open("second")}.click()");
        await page.Until($"{Opened} == 1");
        await page.Press("Escape", 27);
        await page.Until($"{Opened} == 0");
        Assert.Empty(page.Console);

        // More positions than the model has.
        static JsonObject Refused() => Api.Chat(Api.Text("user", string.Concat(Enumerable.Repeat("word ", 70_000))));
    }

    [Fact]
    public async Task A_key_is_asked_for_and_shows_its_own_sessions_alone()
    {
        await using var own = await server.Another(ServerOfTests.Options with { ApiKeys = ["one", "two"] });
        foreach (var key in new[] { "one", "two" })
        {
            using var client = ServerOfTests.ClientOf(own);
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
            await Steps(client, $"of-{key}", Instruction, 1);
        }

        using (var nobody = ServerOfTests.ClientOf(own))
        using (var refused = await nobody.GetAsync("/page/events", Stop))
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        await using var page = await browser.OpenAsync(own.Address);
        await page.Until("document.activeElement?.id == 'key'");
        Assert.Empty(page.Console);
        await page.Type("three");
        await page.Press("Enter", 13, "\r");
        await page.Until("document.getElementById('refused').innerText.includes('does not know')");
        await page.Type("two");
        await page.Press("Enter", 13, "\r");
        await page.Until(Open("of-two"));
        Assert.Equal("1", (await page.Value("document.querySelectorAll('[data-open]').length"))!.ToString());
        Assert.Equal("0", (await page.Value("localStorage.length + sessionStorage.length + document.cookie.length"))!.ToString());
        Assert.Equal($"{own.Address}/", await page.Text("location.href"));
    }

    [Fact]
    public async Task The_page_of_the_routes_complains_of_nothing()
    {
        await using var page = await browser.OpenAsync($"{server.Client.BaseAddress}scalar");
        await page.Until("document.body?.innerText.includes('/v1/chat/completions')");
        // It tells its version.
        Assert.All(page.Console, line => Assert.Contains("\"type\":\"info\"", line, StringComparison.Ordinal));
        Assert.DoesNotContain("Deploy", await page.Text("document.body.innerText"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_it_nothing_is_kept_and_there_is_none()
    {
        await using var own = await server.Another(ServerOfTests.Options with { PageSteps = 0 });
        using var client = ServerOfTests.ClientOf(own);
        await Steps(client, "unseen", Instruction, 1);
        foreach (var path in new[] { "/", "/page/events", "/page/sessions/unseen" })
        {
            using var response = await client.GetAsync(path, Stop);
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        }
    }
}
