namespace StarKV.MiniGui;

/// <summary>Where the instruction stands.</summary>
public enum Order
{
    /// <summary>Before the first frame, as UI-TARS puts it; every action answers the same instruction.</summary>
    First,

    /// <summary>Behind the current frame.</summary>
    Last,
}
