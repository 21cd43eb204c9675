namespace StarKV.MiniGui;

/// <summary>What makes a sample harder than those of the plain world; each shows and asks for one thing.</summary>
public enum Challenge
{
    /// <summary>Values have three to six words, to be read, typed as given, or remembered.</summary>
    LongText,

    /// <summary>Boxes of 4 to 30 cells: their middle is to be clicked, or their words to be read from another place in them.</summary>
    Blocks,

    /// <summary>Tables whose words come again and again, told apart by row and column.</summary>
    Table,

    /// <summary>Frames whose buttons have equal words, told apart by the heading.</summary>
    Cards,

    /// <summary>A list in which a text comes several times, told apart by the row above or below.</summary>
    Twins,

    /// <summary>A button that the message in front and the window behind it both have.</summary>
    Message,
}
