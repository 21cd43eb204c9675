using StarKV.Files;
using StarKV.Input;

namespace StarKV.Cli.Commands;

/// <summary>The task shipped with a model: demo/task.json and demo/screenshot.png in its folder.</summary>
/// <param name="Screen">The screenshot.</param>
/// <param name="Instruction">What is asked.</param>
/// <param name="Box">Where the right answer lies, in pixels of the screenshot.</param>
public sealed record DemoTask(Screenshot Screen, string Instruction, PixelBox Box)
{
    public static DemoTask Load(string modelFolder)
    {
        var folder = Path.Combine(modelFolder, "demo");
        var task = JsonFile.Read(Path.Combine(folder, "task.json"));
        var screen = Screenshot.Load(ScreenshotPath(modelFolder));
        return task.Wholes("targetBox", 0, int.MaxValue) is [var left, var top, var right, var bottom] && left < right && top < bottom
            ? new DemoTask(screen, task.RequiredText("instruction"), new PixelBox(left, top, right, bottom))
            : throw task.Bad("targetBox", "left, top, right, bottom of a box in pixels");
    }

    /// <summary>Where the screenshot lies.</summary>
    public static string ScreenshotPath(string modelFolder) => Path.Combine(modelFolder, "demo", "screenshot.png");

    public bool IsRight(GroundingAnswer answer) => answer.Point is { } point && Box.Contains(point);
}
