namespace StarKV.MiniGui.Tasks;

/// <summary>Answers in the action language of UI-TARS.</summary>
public static class Answers
{
    /// <value>What ends a task.</value>
    public const string Finished = "Action: finished()";

    /// <summary>A click on the middle of a box.</summary>
    public static string Click(Box box) => $"Action: click(start_box='{Point(box)}')";

    /// <summary>Typed text.</summary>
    public static string Type(string text) => $"Action: type(content='{text}')";

    /// <summary>What stands before the action of an answer with a thought; nothing where the thought is empty.</summary>
    public static string Opening(string thought) => thought == "" ? "" : $"Thought: {thought}\n";

    /// <summary>Words with the middle of their box, a line each.</summary>
    public static string List(IEnumerable<(string Text, Box Box)> items) =>
        string.Join('\n', items.Select(i => $"\"{i.Text}\" {Point(i.Box)}"));

    /// <summary>The middle of a box as answers and instructions write it, <c>(x,y)</c>.</summary>
    public static string Point(Box box) => $"({box.Center.X},{box.Center.Y})";
}
