using StarKV.Schedule;
using StarKV.Sessions;

namespace StarKV.Extensions.AI.Services;

/// <summary>A model and how it is answered with, as a configuration says it. Not thread-safe.</summary>
/// <remarks>Lists of what is accepted: docs/chat-client.md. Checked when the host starts.</remarks>
public sealed class StarKvServiceOptions
{
    /// <value>The model's folder, or <c>ORG/NAME[@REVISION]</c> of the cache that <c>starkv pull</c> fills. There is no default.</value>
    public string Model { get; set; } = "";

    /// <value><c>auto</c> (default), <c>cpu</c>, <c>cuda</c> or <c>cuda:n</c>.</value>
    public string Device { get; set; } = "auto";

    /// <value>Number type: <c>auto</c> (default), <c>float32</c> or <c>bfloat16</c>.</value>
    public string DType { get; set; } = "auto";

    /// <value>Bytes of screenshots' embeddings to remember, 0 or more; default <see cref="GuiAgent.DefaultScreenCacheBytes"/>.</value>
    public long ScreenCacheBytes { get; set; } = GuiAgent.DefaultScreenCacheBytes;

    /// <value>The compression method, <c>NAME</c> or <c>NAME:option=value:…</c>; default <c>star-kv</c>.</value>
    public string Method { get; set; } = "star-kv";

    /// <value>How much of the cache is kept, a share such as <c>20%</c> (default) or a number of tokens such as <c>512t</c>.</value>
    public string Keep { get; set; } = "20%";

    /// <value>The prompt style's name; null (default) for the model's own.</value>
    public string? Prompt { get; set; }

    /// <value>Longest answer in tokens where a call does not say, 1–32,768; default 128.</value>
    public int MaxOutputTokens { get; set; } = 128;

    /// <value>How many requests are worked on at the same time, and with how much memory.</value>
    public EngineOptions Engine { get; set; } = new();

    /// <value>The conversations that the client keeps.</value>
    public ConversationSettings Conversations { get; set; } = new();
}

/// <summary>The conversations that a client keeps, as a configuration says it. Not thread-safe.</summary>
public sealed class ConversationSettings
{
    /// <value>Most that are open at the same time, 1 or more; default 64.</value>
    public int Most { get; set; } = 64;

    /// <value>Time without a step after which one is closed, above 0 and at most 40 days; default 30 minutes.</value>
    public TimeSpan IdleTime { get; set; } = TimeSpan.FromMinutes(30);

    /// <value>Where the rows are that a conversation's cache does not hold; default <see cref="KvStorage.Lossless"/>.</value>
    public KvStorage Storage { get; set; } = KvStorage.Lossless;

    /// <value>Most bytes of rows in the host's memory for each, 0 or more; default <see cref="SessionOptions.DefaultHostBytes"/>.</value>
    public long HostBytes { get; set; } = SessionOptions.DefaultHostBytes;

    /// <value>Screenshots that each holds at most, 1 or more; null (default) for all of them.</value>
    public int? FrameWindow { get; set; }

    /// <value>Earlier answers that each holds at most, 0 or more; null (default) for all of them.</value>
    public int? AnswerWindow { get; set; }
}
