using System.Reflection;
using Microsoft.Extensions.AI;
using StarKV.Extensions.AI.Services;
using StarKV.Schedule;

namespace StarKV.Extensions.AI.Tests;

/// <summary>What the library references, and what its page says of it.</summary>
public sealed class LibraryTests
{
    private static readonly Assembly s_library = typeof(StarKvChatClient).Assembly;

    [Fact]
    public void Types_with_state_say_whether_several_threads_may_use_them()
    {
        var silent = string.Join(", ", PublicSurface.SilentAboutThreads(s_library));
        Assert.True(silent == "", $"Say \"Thread-safe\" or \"Not thread-safe\" in the documentation of {silent}.");
    }

    [Fact]
    public void Abstractions_are_referenced_and_no_decorators_or_connections()
    {
        var references = s_library.GetReferencedAssemblies().Select(a => a.Name!).ToList();
        Assert.Equal(
            [
                "Microsoft.Extensions.AI.Abstractions", "Microsoft.Extensions.Configuration.Abstractions", "Microsoft.Extensions.Configuration.Binder",
                "Microsoft.Extensions.DependencyInjection.Abstractions", "Microsoft.Extensions.Options", "Microsoft.Extensions.Options.ConfigurationExtensions",
            ],
            references.Where(name => name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(references, name => name.StartsWith("System.Net", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(typeof(StarKvServiceOptions))]
    [InlineData(typeof(ConversationSettings))]
    [InlineData(typeof(EngineOptions))]
    [InlineData(typeof(UsageDetails), "InputTokenCount", "OutputTokenCount", "CachedInputTokenCount")]
    [InlineData(typeof(ChatOptions), "MaxOutputTokens", "Temperature", "TopP", "TopK", "Seed", "StopSequences", "ConversationId", "Instructions", "ModelId", "ResponseFormat", "Tools", "ToolMode", "Reasoning", "RawRepresentationFactory")]
    public void The_page_names_every_key(Type type, params string[] names)
    {
        var page = File.ReadAllText(RepositoryFiles.Path("docs", "chat-client.md"));
        var keys = type.GetProperties().Select(p => p.Name).Where(name => names.Length == 0 || names.Contains(name)).ToList();
        Assert.True(keys.Count > 2 && (names.Length == 0 || keys.Count == names.Length), string.Join(", ", keys));
        Assert.All(keys, key => Assert.True(page.Contains($"`{key}", StringComparison.Ordinal), $"docs/chat-client.md does not name {key}."));
    }

    [Fact]
    public void The_page_names_every_property() =>
        Assert.All(StarKvProperties.All, key => Assert.Contains($"`{key}`", File.ReadAllText(RepositoryFiles.Path("docs", "chat-client.md")), StringComparison.Ordinal));
}
