using Bogus;

namespace Shop.AppHost.SampleData;

/// <summary>Texts for the note of an order, which many orders leave out.</summary>
internal static class SampleNotes
{
    private static readonly string[] Notes =
    [
        "Please ring twice, the bell is broken.",
        "Leave it with the neighbour on the ground floor.",
        "Leave it in the shed behind the house, the gate is open.",
        "This is a gift: please wrap it and leave the invoice out.",
        "For my mother's birthday, it has to arrive by Friday.",
        "Delivery after 18:00 only, nobody is home before.",
        "Mind the dog, he is friendly but loud.",
        "Back entrance, the front door is being painted.",
        "Please call ten minutes before delivery.",
        "If the blue one is sold out, any other colour is fine.",
        "Invoice to the purchasing department, please.",
        "Reception closes at noon on Wednesdays.",
        "Please pack the lamp and the cable together.",
        "Fragile! The last parcel arrived with a broken lid.",
        "Bitte beim Hausmeister abgeben.",
        "Bitte nicht im Treppenhaus abstellen.",
        "Merci de sonner à l'interphone, troisième étage.",
        "Livraison le samedi si possible.",
        "Proszę zostawić paczkę u sąsiada.",
        "Entregar en la oficina, segunda planta.",
    ];

    public static string? Pick(Faker faker) => faker.Random.Double() switch
    {
        < 0.30 => faker.PickRandom(Notes),
        < 0.36 => $"Cost centre {faker.Random.Number(1_000, 9_999)}, attention of {faker.Name.FirstName()}.",
        < 0.40 => $"Congratulations, {faker.Name.FirstName()}! Enjoy it.",
        _ => null,
    };
}
