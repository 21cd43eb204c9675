using System.Text.Json;
using StarKV.Files;

namespace StarKV.MiniGui.Training.Run;

/// <summary>A JSONL file: one object per line, written at once, so that it can be read while training runs.</summary>
internal sealed class TrainingLog : IDisposable
{
    private static readonly JsonSerializerOptions s_json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };
    private readonly StreamWriter _writer;
    private readonly Action<string>? _echo;

    public TrainingLog(string path, Action<string>? echo)
    {
        var file = OutputFile.OpenOrBegin(path, "training's log");
        file.Position = file.Length;
        _writer = new StreamWriter(file) { AutoFlush = true };
        _echo = echo;
    }

    public void Write(object line)
    {
        var text = JsonSerializer.Serialize(line, s_json);
        _writer.WriteLine(text);
        _echo?.Invoke(text);
    }

    public void Dispose() => _writer.Dispose();
}
