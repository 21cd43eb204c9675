using StarKV.Act;

namespace StarKV.Evaluation.Benchmarks.AndroidControl;

/// <summary>What an answer asks for, in the words of the released programs.</summary>
/// <param name="Operation">Such as <c>click</c>, <c>type</c>, <c>press_back</c>; empty when nothing was read.</param>
/// <param name="Point">Where, in shares of the screenshot; null without a point.</param>
/// <param name="Direction">Direction of a scroll; for OpenCUA its number. Empty for none.</param>
/// <param name="Content">Text to type, app to open, status of the task. Empty for none.</param>
internal sealed record PhoneAction(string Operation, ScreenPoint? Point = null, string Direction = "", string Content = "")
{
    /// <value>Nothing was read.</value>
    public static PhoneAction None { get; } = new("");
}
