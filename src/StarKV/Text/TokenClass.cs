namespace StarKV.Text;

/// <summary>What a prompt token is part of. The markers of a turn and of an image count as the text they enclose.</summary>
public enum TokenClass : byte
{
    /// <summary>The system message.</summary>
    System = 0,

    /// <summary>Text of a user turn: the instruction, action lists, the markers around an image.</summary>
    User = 1,

    /// <summary>One merged patch of a screenshot.</summary>
    Vision = 2,

    /// <summary>An earlier answer, or the opening of the answer to come.</summary>
    Assistant = 3,
}
