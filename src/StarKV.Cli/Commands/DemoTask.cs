using System.Text.Json;
using StarKV.Input;

namespace StarKV.Cli.Commands;

/// <summary>The task shipped with a model: demo/task.json and demo/screenshot.png in its folder.</summary>
/// <param name="Screen">The screenshot.</param>
/// <param name="Instruction">What is asked.</param>
/// <param name="Box">Where the right answer lies, in pixels of the screenshot.</param>
internal sealed record DemoTask(Screenshot Screen, string Instruction, PixelBox Box)
{
    public static DemoTask Load(string modelFolder)
    {
        var folder = Path.Combine(modelFolder, "demo");
        using var file = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "task.json")));
        var box = file.RootElement.GetProperty("targetBox").EnumerateArray().Select(v => v.GetInt32()).ToArray();
        return new DemoTask(
            Screenshot.Load(Path.Combine(folder, "screenshot.png")),
            file.RootElement.GetProperty("instruction").GetString()!,
            new PixelBox(box[0], box[1], box[2], box[3]));
    }

    public bool IsRight(GroundingAnswer answer) => answer.Point is { } point && Box.Contains(point);
}
