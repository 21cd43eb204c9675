using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace StarKV.Extensions.AI.Tests.Services;

/// <summary>The registration of a model as services.</summary>
public sealed class AddStarKvTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static readonly MiniSample s_text = MiniSample.Of("text_0");

    [Fact]
    public async Task A_section_of_the_configuration_is_what_the_client_does()
    {
        var time = new FakeTimeProvider();
        var services = new ServiceCollection().AddSingleton<TimeProvider>(time).AddStarKv(Section(new()
        {
            ["Model"] = MiniChat.Folder,
            ["Device"] = "cpu",
            ["DType"] = "float32",
            ["Method"] = "snapkv:kernel=1",
            ["Keep"] = "64t",
            ["MaxOutputTokens"] = "6",
            ["Engine:MaxRunning"] = "3",
            ["Conversations:Most"] = "1",
            ["Conversations:IdleTime"] = "00:05:00",
            ["Conversations:Storage"] = "evict",
        }));
        GuiAgent agent;
        await using (var provider = services.BuildServiceProvider())
        {
            provider.GetRequiredService<IStartupValidator>().Validate();
            agent = provider.GetRequiredService<GuiAgent>();
            var client = provider.GetRequiredService<StarKvChatClient>();
            Assert.Same(client, provider.GetRequiredService<IChatClient>());
            Assert.Same(agent, client.GetService<GuiAgent>());

            var options = new ChatOptions().WithNewConversation();
            var response = await client.GetResponseAsync(Talk.Messages(s_text), options, Stop);
            var answer = response.Answer();
            Assert.All(answer.Kv.RowsPerLayer, rows => Assert.Equal(64, rows));
            Assert.Equal((6, StarKV.Sessions.KvStorage.Evict, time.GetUtcNow()), (answer.Tokens.Count, answer.Session!.Storage, response.CreatedAt!.Value));
            await Assert.ThrowsAsync<StarKvBusyException>(() => client.GetResponseAsync(Talk.Messages(s_text), options, Stop));
            time.Advance(TimeSpan.FromMinutes(5));
            Assert.Equal(0, client.OpenConversations);
        }

        Assert.Throws<ObjectDisposedException>(() => agent.Ground(s_text.Screens(), s_text.Instruction));
    }

    [Fact]
    public async Task Several_models_have_keys()
    {
        await using var provider = new ServiceCollection()
            .AddKeyedStarKv("small", o => (o.Model, o.Device, o.MaxOutputTokens) = (MiniChat.Folder, "cpu", 2))
            .AddKeyedStarKv("large", o => (o.Model, o.Device, o.MaxOutputTokens) = (MiniChat.Folder, "cpu", 5))
            .BuildServiceProvider();
        provider.GetRequiredService<IStartupValidator>().Validate();
        var (small, large) = (provider.GetRequiredKeyedService<IChatClient>("small"), provider.GetRequiredKeyedService<IChatClient>("large"));
        Assert.NotSame(small.GetService<GuiAgent>(), large.GetService<GuiAgent>());
        Assert.Same(provider.GetRequiredKeyedService<GuiAgent>("small"), small.GetService<GuiAgent>());
        Assert.Equal(2, (await small.GetResponseAsync(Talk.Messages(s_text), null, Stop)).Usage!.OutputTokenCount);
        Assert.Equal(5, (await large.GetResponseAsync(Talk.Messages(s_text), null, Stop)).Usage!.OutputTokenCount);
        Assert.Null(provider.GetService<IChatClient>());
    }

    [Fact]
    public void Registered_twice_is_one_model_with_the_options_of_both()
    {
        using var provider = new ServiceCollection()
            .AddStarKv(o => (o.Model, o.Device) = (MiniChat.Folder, "cpu")).AddStarKv(o => o.Keep = "30%").BuildServiceProvider();
        Assert.Single(provider.GetServices<IChatClient>());
        Assert.Equal("30%", provider.GetRequiredService<IOptions<StarKV.Extensions.AI.Services.StarKvServiceOptions>>().Value.Keep);
    }

    [Theory]
    [InlineData("Model", "", "StarKV:Model is : name a model's folder, or ORG/NAME of a model that starkv pull fetched.")]
    [InlineData("Model", "/nowhere/model", "StarKV:Model is /nowhere/model: there is no folder /nowhere/model.")]
    [InlineData("Device", "gpu", "StarKV:Device is gpu: it must be auto, cpu, cuda or cuda:n.")]
    [InlineData("Device", "cuda:x", "StarKV:Device is cuda:x: it must be auto, cpu, cuda or cuda:n.")]
    [InlineData("DType", "int8", "StarKV:DType is int8: it must be auto, float32 or bfloat16.")]
    [InlineData("Keep", "0%", "StarKV:Keep is 0%: keep is 0 %; it must be above 0 % and at most 100 %. It says what is kept, not what is dropped.")]
    [InlineData("Method", "snap", "StarKV:Method is snap: method 'snap' is unknown; the methods are")]
    [InlineData("Prompt", "nobody", "StarKV:Prompt is nobody: There is no prompt style \"nobody\"; known are")]
    [InlineData("MaxOutputTokens", "0", "StarKV:MaxOutputTokens is 0: it must be 1 to 32768.")]
    [InlineData("ScreenCacheBytes", "-1", "StarKV:ScreenCacheBytes is -1: it must be 0 or more.")]
    [InlineData("Engine:MaxRunning", "0", "StarKV:Engine is not accepted: The engine's MaxRunning is 0; it must be 1 or more.")]
    [InlineData("Conversations:Most", "0", "StarKV:Conversations:Most is 0: it must be 1 or more.")]
    [InlineData("Conversations:IdleTime", "0", "StarKV:Conversations:IdleTime is 00:00:00: it must be above 0 and at most 40 days.")]
    [InlineData("Conversations:HostBytes", "-5", "StarKV:Conversations:HostBytes is -5: it must be 0 or more.")]
    [InlineData("Conversations:FrameWindow", "0", "StarKV:Conversations:FrameWindow is 0: it must be 1 or more.")]
    [InlineData("Conversations:AnswerWindow", "-1", "StarKV:Conversations:AnswerWindow is -1: it must be 0 or more.")]
    public void What_is_not_accepted_stops_the_start(string key, string value, string refusal)
    {
        using var provider = new ServiceCollection().AddStarKv(Section(new() { ["Model"] = MiniChat.Folder, [key] = value })).BuildServiceProvider();
        var failure = Assert.Throws<OptionsValidationException>(provider.GetRequiredService<IStartupValidator>().Validate);
        Assert.StartsWith(refusal, Assert.Single(failure.Failures), StringComparison.Ordinal);
        Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IChatClient>());
    }

    [Theory]
    [InlineData("Modle", "x", "Modle")]
    [InlineData("Conversations:Storage", "disk", "StarKV:Conversations:Storage")]
    [InlineData("Engine:MaxWaiting", "many", "StarKV:Engine:MaxWaiting")]
    public void What_cannot_be_read_names_its_key(string key, string value, string named)
    {
        using var provider = new ServiceCollection().AddStarKv(Section(new() { ["Model"] = MiniChat.Folder, [key] = value })).BuildServiceProvider();
        Assert.Contains(named, Assert.Throws<InvalidOperationException>(provider.GetRequiredService<IStartupValidator>().Validate).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_of_a_key_say_which()
    {
        using var provider = new ServiceCollection().AddKeyedStarKv("large", o => o.Model = "").BuildServiceProvider();
        var failure = Assert.Throws<OptionsValidationException>(provider.GetRequiredService<IStartupValidator>().Validate);
        Assert.StartsWith("StarKvServiceOptions[large]:Model is : name a model's folder", Assert.Single(failure.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public void The_pages_configuration_is_accepted()
    {
        var json = File.ReadAllText(RepositoryFiles.Path("docs", "chat-client.md")).ReplaceLineEndings("\n").Split("```json\n")[1].Split("```")[0];
        using var page = JsonDocument.Parse(json);
        var values = Values(page.RootElement.GetProperty("StarKV"), "").ToDictionary();
        Assert.True(values.Count > 4, string.Join(", ", values.Keys));
        values["Model"] = MiniChat.Folder;
        using var provider = new ServiceCollection().AddStarKv(Section(values)).BuildServiceProvider();
        provider.GetRequiredService<IStartupValidator>().Validate();

        static IEnumerable<KeyValuePair<string, string?>> Values(JsonElement element, string path) => element.ValueKind == JsonValueKind.Object
            ? element.EnumerateObject().SelectMany(p => Values(p.Value, path.Length == 0 ? p.Name : $"{path}:{p.Name}"))
            : [KeyValuePair.Create<string, string?>(path, element.ToString())];
    }

    private static IConfigurationSection Section(Dictionary<string, string?> values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values.Select(v => KeyValuePair.Create($"StarKV:{v.Key}", v.Value))).Build().GetSection("StarKV");
}
