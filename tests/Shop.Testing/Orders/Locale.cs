namespace Shop.Testing.Orders;

/// <summary>The words of the customers, places, products and notes of one country. The first of each are the most frequent.</summary>
internal sealed record Locale(string Country, string Currency, double Share)
{
    public required string[] FirstNames { get; init; }
    public required string[] LastNames { get; init; }
    public required string[] Streets { get; init; }
    public required string[] Cities { get; init; }

    /// <summary>Product and category.</summary>
    public required (string Name, string Category)[] Products { get; init; }
    public required string[] Adjectives { get; init; }
    public required string[] Notes { get; init; }

    /// <summary>Parts of words that are rare but belong to the language.</summary>
    public required string[] Syllables { get; init; }

    public static IReadOnlyList<Locale> All { get; } =
    [
        new("DE", "EUR", 0.26)
        {
            FirstNames = ["Anna", "Jürgen", "Sabine", "Thomas", "Jörg", "Claudia", "Heike", "Paul", "Käthe", "Max"],
            LastNames = ["Müller", "Schmidt", "Schneider", "Fischer", "Weber", "Schlüter", "Groß", "Berlin", "Lang", "Köhler", "Rose"],
            Streets = ["Hauptstraße", "Lange Straße", "Schillerstraße", "Bahnhofstraße", "Am Markt", "Rosenweg", "Fischergasse"],
            Cities = ["Berlin", "Hamburg", "München", "Köln", "Leipzig", "Lübeck", "Münster", "Rostock"],
            Products = [("Schreibtischlampe", "Lighting"), ("Stehlampe", "Lighting"), ("Bürostuhl", "Furniture"), ("Kaffeemühle", "Coffee & Tea"), ("Kopfhörer", "Audio"), ("Wanderrucksack", "Outdoor"), ("Küchenwaage", "Kitchen"), ("Brotmesser", "Kitchen"), ("Tischdecke", "Bath & Home")],
            Adjectives = ["schwarz", "weiß", "klein", "groß", "kabellos", "faltbar", "wasserdicht"],
            Notes = ["Bitte beim Nachbarn Schneider abgeben", "Bitte nicht im Treppenhaus abstellen", "Die Lampe bitte gut verpacken", "Klingel Müller, dritter Stock", "Lieferung ab 18 Uhr", "Geschenk, ohne Rechnung"],
            Syllables = ["berg", "hof", "stein", "wald", "brück", "hausen", "feld", "mann", "ler", "kamp", "bach", "dorf"],
        },
        new("GB", "GBP", 0.22)
        {
            FirstNames = ["Oliver", "Amelia", "Jack", "Rose", "Ada", "Grace", "Tom", "Emily", "Seán", "Harry"],
            LastNames = ["Smith", "Jones", "Taylor", "Brown", "London", "Bell", "Lovelace", "Carter", "O'Brien", "Wood", "Cartwright", "Lampard"],
            Streets = ["High Street", "Station Road", "St James's Square", "Church Lane", "Victoria Road", "Lamp Lane", "Bell Yard"],
            Cities = ["London", "Manchester", "Leeds", "Bristol", "York", "Bath", "Newcastle upon Tyne"],
            Products = [("Desk Lamp", "Lighting"), ("Mechanical Keyboard", "Keyboards & Mice"), ("Wireless Headphones", "Audio"), ("Espresso Machine", "Coffee & Tea"), ("Standing Desk", "Furniture"), ("Trail Running Shoes", "Outdoor"), ("USB-C Cable 2 m", "Cables & Power"), ("Wi-Fi Router", "Cables & Power"), ("Floor Lamp", "Lighting"), ("Bath Towel Set", "Bath & Home"), ("Rose Tea", "Coffee & Tea"), ("Bike Bell", "Cycling"), ("Power Bank 20000 mAh", "Cables & Power"), ("Lampshade Linen", "Lighting")],
            Adjectives = ["black", "white", "compact", "large", "wireless", "folding", "waterproof", "oak"],
            Notes = ["Please ring the bell twice", "Leave it with the porter", "A present for Rose, no invoice", "Please pack the lamp and the keyboard together", "Deliver to the shed behind the house", "The desk is for my office in London"],
            Syllables = ["ton", "ham", "shire", "wick", "ley", "ford", "bury", "worth", "by", "gate", "mere", "stead"],
        },
        new("FR", "EUR", 0.12)
        {
            FirstNames = ["Camille", "Élodie", "Jean", "Léa", "François", "Zoé", "Hélène", "Luc"],
            LastNames = ["Martin", "Dubois", "Lefèvre", "Moreau", "Paris", "Garçon", "Chênes", "Petit"],
            Streets = ["Rue de Rivoli", "Rue de l'Église", "Avenue Victor Hugo", "Boulevard Voltaire", "Place du Marché"],
            Cities = ["Paris", "Lyon", "Marseille", "Saint-Étienne", "Nîmes", "Besançon"],
            Products = [("Lampe de bureau", "Lighting"), ("Casque sans fil", "Audio"), ("Machine à café", "Coffee & Tea"), ("Chaise de bureau", "Furniture"), ("Couteau à pain", "Kitchen"), ("Sac à dos", "Outdoor"), ("Théière en fonte", "Coffee & Tea")],
            Adjectives = ["noir", "blanc", "pliant", "léger", "étanche", "chêne"],
            Notes = ["Merci de sonner à l'interphone", "Livraison le samedi si possible", "Laisser chez la voisine, madame Petit", "C'est un cadeau"],
            Syllables = ["ville", "mont", "eau", "ière", "court", "vigne", "lac", "champ", "ard", "elle"],
        },
        new("ES", "EUR", 0.09)
        {
            FirstNames = ["Lucía", "José", "María", "Íñigo", "Carmen", "Pablo"],
            LastNames = ["García", "Núñez", "Martínez", "López", "Muñoz", "Madrid", "Peña"],
            Streets = ["Calle Mayor", "Calle Larios", "Gran Vía", "Plaza España", "Paseo del Prado"],
            Cities = ["Madrid", "Málaga", "Sevilla", "A Coruña", "León", "Cádiz"],
            Products = [("Lámpara de mesa", "Lighting"), ("Auriculares inalámbricos", "Audio"), ("Cafetera italiana", "Coffee & Tea"), ("Silla de oficina", "Furniture"), ("Mochila de montaña", "Outdoor")],
            Adjectives = ["negro", "blanco", "pequeño", "plegable", "ligero"],
            Notes = ["Entregar en la oficina, segunda planta", "Llamar antes de llegar", "Es un regalo"],
            Syllables = ["ero", "illa", "anza", "ón", "ado", "eda", "mar", "rio", "monte", "verde"],
        },
        new("PL", "PLN", 0.09)
        {
            FirstNames = ["Łukasz", "Zofia", "Marek", "Małgorzata", "Paweł", "Agnieszka"],
            LastNames = ["Wójcik", "Kowalski", "Dąbrowska", "Nowak", "Zieliński", "Wiśniewska"],
            Streets = ["Piotrkowska", "Marszałkowska", "Święty Marcin", "Długa", "Polna"],
            Cities = ["Łódź", "Warszawa", "Kraków", "Gdańsk", "Poznań", "Wrocław"],
            Products = [("Lampka biurkowa", "Lighting"), ("Słuchawki bezprzewodowe", "Audio"), ("Młynek do kawy", "Coffee & Tea"), ("Krzesło biurowe", "Furniture"), ("Plecak turystyczny", "Outdoor")],
            Adjectives = ["czarny", "biały", "mały", "składany", "lekki"],
            Notes = ["Proszę zostawić paczkę u sąsiada", "Proszę dzwonić przed dostawą", "To jest prezent"],
            Syllables = ["owski", "ski", "cki", "rz", "wicz", "brat", "gór", "lesz", "czyk", "iak"],
        },
        new("IT", "EUR", 0.07)
        {
            FirstNames = ["Giulia", "Marco", "Chiara", "Niccolò", "Sofia", "Luca"],
            LastNames = ["Rossi", "Ferrari", "Bianchi", "Romano", "Conti", "D'Angelo"],
            Streets = ["Via Garibaldi", "Via Roma", "Corso Italia", "Piazza del Duomo"],
            Cities = ["Roma", "Milano", "Genova", "Forlì", "Bologna"],
            Products = [("Lampada da tavolo", "Lighting"), ("Cuffie senza fili", "Audio"), ("Moka per sei tazze", "Coffee & Tea"), ("Sedia da ufficio", "Furniture"), ("Zaino da trekking", "Outdoor")],
            Adjectives = ["nero", "bianco", "piccolo", "leggero"],
            Notes = ["Consegnare al portiere", "Suonare al citofono Rossi", "È un regalo"],
            Syllables = ["ini", "ello", "one", "etti", "ucci", "castel", "monte", "bel", "valle"],
        },
        new("SE", "SEK", 0.05)
        {
            FirstNames = ["Ingrid", "Björn", "Åsa", "Linnéa", "Sören"],
            LastNames = ["Ångström", "Lindqvist", "Sjöberg", "Öberg", "Berg"],
            Streets = ["Storgatan", "Avenyn", "Kungsgatan", "Ängsvägen"],
            Cities = ["Stockholm", "Göteborg", "Malmö", "Umeå"],
            Products = [("Skrivbordslampa", "Lighting"), ("Hörlurar", "Audio"), ("Kaffekvarn", "Coffee & Tea"), ("Kontorsstol", "Furniture")],
            Adjectives = ["svart", "vit", "liten", "hopfällbar"],
            Notes = ["Lämna hos grannen", "Ring på dörren"],
            Syllables = ["ström", "qvist", "lund", "gren", "dal", "holm", "vik"],
        },
        new("GR", "EUR", 0.04)
        {
            FirstNames = ["Γιώργος", "Μαρία", "Ελένη", "Νίκος"],
            LastNames = ["Παπαδόπουλος", "Γεωργίου", "Νικολαΐδης", "Βασιλείου"],
            Streets = ["Ερμού", "Πανεπιστημίου", "Αθηνάς"],
            Cities = ["Αθήνα", "Θεσσαλονίκη", "Πάτρα"],
            Products = [("Φωτιστικό γραφείου", "Lighting"), ("Ακουστικά", "Audio"), ("Καφετιέρα", "Coffee & Tea")],
            Adjectives = ["μαύρο", "λευκό", "μικρό"],
            Notes = ["Παρακαλώ χτυπήστε το κουδούνι", "Είναι δώρο"],
            Syllables = ["όπουλος", "ίδης", "άκης", "γραμ", "καλ", "θεο"],
        },
        new("VN", "USD", 0.03)
        {
            FirstNames = ["Đức", "Hương", "Minh", "Thảo"],
            LastNames = ["Nguyễn", "Trần", "Lê", "Phạm"],
            Streets = ["Phố Huế", "Đường Láng", "Nguyễn Trãi"],
            Cities = ["Hà Nội", "Đà Nẵng", "Huế"],
            Products = [("Đèn bàn", "Lighting"), ("Tai nghe", "Audio"), ("Phin cà phê", "Coffee & Tea")],
            Adjectives = ["đen", "trắng", "nhỏ"],
            Notes = ["Gọi trước khi giao", "Quà tặng"],
            Syllables = ["anh", "inh", "uong", "thanh", "quy", "binh"],
        },
        new("JP", "JPY", 0.03)
        {
            FirstNames = ["太郎", "花子", "健", "美咲"],
            LastNames = ["山田", "佐藤", "鈴木", "田中"],
            Streets = ["千代田", "梅田", "銀座"],
            Cities = ["東京", "大阪", "京都"],
            Products = [("デスクライト", "Lighting"), ("ヘッドホン", "Audio"), ("緑茶 ティーバッグ", "Coffee & Tea")],
            Adjectives = ["黒", "白", "小型"],
            Notes = ["玄関に置いてください", "プレゼント用"],
            Syllables = ["川", "島", "木", "原", "村", "沢"],
        },
    ];
}
