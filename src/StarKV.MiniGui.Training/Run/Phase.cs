namespace StarKV.MiniGui.Training.Run;

/// <summary>One phase of training.</summary>
/// <param name="Name"><c>train</c> or <c>align</c>, as the log says it.</param>
/// <param name="Schedule">Its learning rate.</param>
/// <param name="Tokens">Padded tokens of a batch.</param>
/// <param name="Aligns">Whether it has the alignment loss.</param>
/// <param name="MaxSteps">Most steps; 0 for no bound.</param>
internal sealed record Phase(string Name, WallSchedule Schedule, int Tokens, bool Aligns, int MaxSteps)
{
    /// <summary>The names.</summary>
    public const string Train = "train", Align = "align";
}
