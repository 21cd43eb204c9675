using System.Text.Json.Serialization;

namespace StarKV.Server.Wire;

/// <summary>How answers are written: names of OpenAI's dialects, in snake case.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ChatCompletion))]
[JsonSerializable(typeof(ChatChunk))]
[JsonSerializable(typeof(ModelList))]
[JsonSerializable(typeof(ModelCard))]
[JsonSerializable(typeof(Health))]
[JsonSerializable(typeof(SessionList))]
[JsonSerializable(typeof(SessionCard))]
[JsonSerializable(typeof(DeletedSession))]
[JsonSerializable(typeof(ResponseBody))]
[JsonSerializable(typeof(ResponseEvent))]
[JsonSerializable(typeof(DeletedResponse))]
[JsonSerializable(typeof(PageEvent))]
internal sealed partial class WireJson : JsonSerializerContext;
