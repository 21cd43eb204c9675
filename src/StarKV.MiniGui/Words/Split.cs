namespace StarKV.MiniGui.Words;

/// <summary>What a sample may show and what its questions must be about.</summary>
public enum Split
{
    /// <summary>For training: nothing that any other split holds out.</summary>
    Train,

    /// <summary>The distribution of <see cref="Train"/> from separate seeds.</summary>
    Test,

    /// <summary>
    /// Every question is about a word that training never shows: a sixteenth of the labels' words, an eighth of the typed ones.
    /// </summary>
    Words,

    /// <summary>
    /// Every question is about a label of two words of training that training never shows together: an eighth of the pairs.
    /// </summary>
    Pairs,

    /// <summary>Every question is about an icon in a theme in which training never shows it: an eighth of the combinations.</summary>
    Icons,

    /// <summary>The arrangement of bars, sidebar and columns is one that training never shows: an eighth of them.</summary>
    Layouts,
}
