//! Names of many origins. Family names are lists, or made of stems and endings as they are in
//! life, so that a million people do not share two hundred.

/// How family names come about.
pub(super) enum Family {
    /// Taken from a list.
    Listed(&'static [&'static str]),
    /// A stem and an ending.
    Made(&'static [&'static str], &'static [&'static str]),
    /// Two from a list, the father's and the mother's.
    Two(&'static [&'static str]),
}

/// Names of one origin.
pub(super) struct Origin {
    /// How many in a thousand people.
    pub(super) share: usize,
    /// Women's given names, common ones first.
    pub(super) women: &'static [&'static str],
    /// Men's.
    pub(super) men: &'static [&'static str],
    /// Family names.
    pub(super) families: Family,
    /// What may stand before the family name.
    pub(super) particles: &'static [&'static str],
    /// Country code and an area, before 555.
    pub(super) phone: &'static str,
}

pub(super) static ORIGINS: [Origin; 10] = [
    Origin {
        share: 200,
        women: &[
            "Anna", "Maria", "Emma", "Sophie", "Katharina", "Julia", "Lena", "Hannah", "Ursula",
            "Käthe", "Sabine", "Monika", "Petra", "Christine", "Helga", "Renate", "Ingrid",
            "Brigitte", "Claudia", "Stefanie", "Nicole", "Melanie", "Franziska", "Charlotte",
            "Johanna", "Marlene", "Frieda", "Greta", "Heike", "Birgit", "Anke", "Silke", "Svenja",
        ],
        men: &[
            "Thomas", "Michael", "Andreas", "Peter", "Stefan", "Jürgen", "Wolfgang", "Klaus",
            "Günther", "Jörg", "Björn", "Lukas", "Leon", "Felix", "Maximilian", "Jonas", "Paul",
            "Karl-Heinz", "Hans-Peter", "Matthias", "Tobias", "Sebastian", "Florian", "Dieter",
            "Heinrich", "Rüdiger", "Uwe", "Ralf", "Bernd", "Manfred", "Götz", "Sönke", "Till",
        ],
        families: Family::Made(
            &[
                "Schm", "Müll", "Web", "Fisch", "Schneid", "Wagn", "Beck", "Hoff", "Bau", "Berg",
                "Ober", "Nieder", "Hinter", "Vorder", "Stein", "Wald", "Feld", "Bach", "Brück",
                "Kirch", "Hof", "Linden", "Eich", "Buch", "Birken", "Rosen", "Grün", "Schwarz",
                "Weiß", "Roth", "Acker", "Alten", "Neu", "Groß", "Klein", "Lang", "Krumm", "Wolf",
                "Bär", "Hirsch", "Falken", "Adler", "König", "Kaiser", "Herzog", "Vogel", "Winter",
                "Sommer", "Morgen", "Abend", "Gold", "Silber", "Eisen", "Kupfer", "Salz", "Pfeff",
                "Zimmer", "Tisch", "Stuhl", "Holz", "Ziegel", "Lehm", "Sand", "Kies", "Moos", "Ried",
            ],
            &[
                "er", "mann", "meier", "bauer", "hofer", "berger", "thal", "inger", "stein", "ke",
                "ler", "feld", "wald", "müller", "schmidt", "huber", "lich", "ert", "ing", "mayr",
            ],
        ),
        particles: &["von", "zu", "von der"],
        phone: "+49 30 555",
    },
    Origin {
        share: 150,
        women: &[
            "María", "Carmen", "Ana", "Isabel", "Laura", "Lucía", "Marta", "Elena", "Rosa", "Sofía",
            "Valentina", "Camila", "Gabriela", "Daniela", "Paula", "Inés", "Begoña", "Concepción",
            "Dolores", "Guadalupe", "Ximena", "Renata", "Jimena", "Pilar", "Mercedes", "Noelia",
        ],
        men: &[
            "José", "Antonio", "Juan", "Manuel", "Francisco", "David", "Javier", "Daniel", "Carlos",
            "Miguel", "Alejandro", "Rafael", "Jesús", "Ángel", "Sergio", "Fernando", "Luis", "Pablo",
            "Álvaro", "Íñigo", "Andrés", "Rubén", "Óscar", "Raúl", "Joaquín", "Ramón", "Vicente",
        ],
        families: Family::Two(&[
            "García", "Rodríguez", "González", "Fernández", "López", "Martínez", "Sánchez", "Pérez",
            "Gómez", "Martín", "Jiménez", "Ruiz", "Hernández", "Díaz", "Moreno", "Muñoz", "Álvarez",
            "Romero", "Alonso", "Gutiérrez", "Navarro", "Torres", "Domínguez", "Vázquez", "Ramos",
            "Gil", "Ramírez", "Serrano", "Blanco", "Molina", "Morales", "Suárez", "Ortega", "Delgado",
            "Castro", "Ortiz", "Rubio", "Marín", "Sanz", "Núñez", "Iglesias", "Medina", "Garrido",
            "Cortés", "Castillo", "Santos", "Lozano", "Guerrero", "Cano", "Prieto", "Méndez", "Cruz",
            "Calvo", "Gallego", "Vidal", "León", "Márquez", "Herrera", "Peña", "Flores", "Cabrera",
            "Campos", "Vega", "Fuentes", "Carrasco", "Diez", "Reyes", "Caballero", "Nieto", "Aguilar",
            "Pascual", "Santana", "Herrero", "Montero", "Lorenzo", "Hidalgo", "Giménez", "Ibáñez",
            "Ferrer", "Durán", "Santiago", "Benítez", "Mora", "Vicente", "Vargas", "Arias", "Carmona",
            "Crespo", "Román", "Pastor", "Soto", "Sáez", "Velasco", "Moya", "Soler", "Parra", "Esteban",
            "Bravo", "Gallardo", "Rojas", "Zubizarreta", "Etxeberria", "Goikoetxea", "Aguirre",
        ]),
        particles: &["de", "de la", "del"],
        phone: "+34 91 555",
    },
    Origin {
        share: 170,
        women: &[
            "Olivia", "Amelia", "Mary", "Patricia", "Jennifer", "Linda", "Elizabeth", "Susan",
            "Jessica", "Sarah", "Karen", "Margaret", "Nancy", "Betty", "Dorothy", "Ashley", "Emily",
            "Siobhán", "Aoife", "Niamh", "Saoirse", "Gráinne", "Megan", "Rhiannon", "Charlotte",
            "Grace", "Florence", "Isla", "Poppy", "Harriet", "Imogen", "Beatrice", "Rosalind",
        ],
        men: &[
            "James", "John", "Robert", "William", "David", "Richard", "Joseph", "Thomas", "Charles",
            "Christopher", "Daniel", "Matthew", "Anthony", "Mark", "Steven", "Andrew", "Kenneth",
            "George", "Seán", "Pádraig", "Ciarán", "Oisín", "Owen", "Rhys", "Hugh", "Alistair",
            "Angus", "Callum", "Duncan", "Gareth", "Trevor", "Nigel", "Graham", "Leonard",
        ],
        families: Family::Made(
            &[
                "Ash", "Black", "Brad", "Bright", "Brook", "Burn", "Carl", "Chest", "Clay", "Clif",
                "Cob", "Craw", "Dal", "Den", "East", "Ed", "El", "Fair", "Farn", "Flem", "Gray",
                "Green", "Had", "Hal", "Ham", "Hart", "Hay", "Hazel", "Hol", "Hunt", "Ken", "King",
                "Lang", "Lin", "Lock", "Mar", "Mel", "Mid", "Mil", "Mor", "New", "Nor", "Oak", "Pem",
                "Pres", "Rad", "Red", "Rock", "Sel", "Shel", "Stan", "Stock", "Strat", "Sut", "Thorn",
                "Up", "Wal", "War", "Wash", "West", "Whit", "Win", "Wood", "Wor", "O'Bren", "McAl",
                "McDon", "O'Con", "Fitz", "Rob", "Wil", "John", "Jack", "Ander", "Richard", "Steven",
            ],
            &[
                "ton", "ford", "ley", "well", "field", "worth", "wood", "son", "ham", "by", "man",
                "land", "brook", "burn", "er", "ridge", "stead", "wick", "more", "combe",
            ],
        ),
        particles: &[],
        phone: "+1 (212) 555-",
    },
    Origin {
        share: 90,
        women: &[
            "Anna", "Katarzyna", "Małgorzata", "Agnieszka", "Barbara", "Ewa", "Krystyna", "Elżbieta",
            "Zofia", "Jadwiga", "Świętosława", "Łucja", "Wiesława", "Božena", "Lenka", "Tereza",
            "Kateřina", "Žaneta", "Ľubica", "Ivana", "Jelena", "Milica", "Dragana", "Đurđica",
        ],
        men: &[
            "Piotr", "Krzysztof", "Andrzej", "Tomasz", "Paweł", "Michał", "Łukasz", "Wojciech",
            "Zbigniew", "Grzegorz", "Stanisław", "Jiří", "Jaroslav", "Zdeněk", "Václav", "Ondřej",
            "Matěj", "Milan", "Dušan", "Goran", "Željko", "Đorđe", "Siniša", "Ljubomir",
        ],
        families: Family::Made(
            &[
                "Kowal", "Nowak", "Wiśniew", "Dąbrow", "Kamiń", "Zieliń", "Szymań", "Wójc", "Kozłow",
                "Jankow", "Mazur", "Krawcz", "Piotrow", "Grabow", "Pawłow", "Michal", "Zając", "Król",
                "Wieczor", "Jabłoń", "Dud", "Adam", "Majew", "Olszew", "Jawor", "Malinow", "Stępn",
                "Górs", "Rutkow", "Sikor", "Baran", "Szewc", "Ostrow", "Tomaszew", "Pietrzak", "Wróbl",
                "Petr", "Jovan", "Nikol", "Markov", "Stank", "Radov", "Horv", "Novot", "Svob", "Dvoř",
                "Černý", "Procház", "Kučer", "Veselý", "Hájek", "Pokorn", "Růžič", "Beneš", "Fiala",
            ],
            &["ski", "ska", "czyk", "ek", "ewicz", "owski", "ik", "ak", "ović", "ić", "ová", "ka"],
        ),
        particles: &[],
        phone: "+48 22 555",
    },
    Origin {
        share: 70,
        women: &[
            "Fatma", "Ayşe", "Emine", "Hatice", "Zeynep", "Elif", "Meryem", "Şerife", "Sultan",
            "Gülşen", "Özlem", "Tuğba", "Büşra", "Ebru", "Çiğdem", "Ipek", "Nazlı", "Defne",
        ],
        men: &[
            "Mehmet", "Mustafa", "Ahmet", "Ali", "Hüseyin", "Hasan", "İbrahim", "İsmail", "Osman",
            "Yusuf", "Murat", "Ömer", "Çağrı", "Emre", "Kerem", "Serkan", "Uğur", "Barış",
        ],
        families: Family::Made(
            &[
                "Yıl", "Kay", "Dem", "Şah", "Çel", "Yıldır", "Öz", "Ay", "Kılıç", "Ars", "Doğ", "Koç",
                "Kur", "Er", "Ak", "Kara", "Taş", "Gül", "Kap", "Bul", "Tek", "Sar", "Uç", "Güneş",
                "Bay", "Deniz", "Top", "Tur", "Yaz", "Işık", "Altın", "Bozk", "Çınar", "Soy",
            ],
            &["maz", "oğlu", "ır", "in", "türk", "an", "kan", "demir", "can", "taş", "dağ", "er"],
        ),
        particles: &[],
        phone: "+90 212 555",
    },
    Origin {
        share: 60,
        women: &[
            "Fatima", "Aisha", "Maryam", "Khadija", "Zainab", "Layla", "Noor", "Salma", "Amina",
            "Yasmin", "Huda", "Rania", "Hanan", "Samira", "Nadia", "Soraya", "Leila", "Parisa",
        ],
        men: &[
            "Mohammed", "Ahmed", "Ali", "Omar", "Hassan", "Hussein", "Ibrahim", "Khalid", "Yousef",
            "Abdullah", "Mahmoud", "Tariq", "Karim", "Samir", "Bilal", "Reza", "Farid", "Jamal",
        ],
        families: Family::Made(
            &[
                "Hass", "Abdul", "Rahm", "Sal", "Nass", "Mans", "Khal", "Shar", "Qur", "Hadd", "Najj",
                "Farou", "Aziz", "Karim", "Jab", "Tam", "Zahr", "Bakr", "Mahd", "Haj", "Saff", "Ghaz",
            ],
            &["an", "ani", "awi", "i", "our", "ir", "oud", "een", "eh", "ar", "aleh", "ullah", "zadeh"],
        ),
        particles: &["al", "bin", "El", "Abu"],
        phone: "+971 4 555",
    },
    Origin {
        share: 60,
        women: &[
            "Thị Hoa", "Linh", "Ngọc", "Phương", "Hương", "Mai", "Lan", "Thảo", "Trang", "Vân",
            "Xiu Ying", "Mei", "Li Na", "Fang", "Jing", "Yan", "Ji-woo", "Seo-yeon", "Min-ji", "Yuki",
        ],
        men: &[
            "Văn Minh", "Hùng", "Tuấn", "Dũng", "Quang", "Đức", "Bảo", "Long", "Phúc", "Sơn",
            "Wei", "Jian", "Hao", "Ming", "Lei", "Jun", "Min-jun", "Ji-ho", "Do-yun", "Haruto",
        ],
        families: Family::Listed(&[
            "Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ",
            "Ngô", "Dương", "Lý", "Wang", "Li", "Zhang", "Liu", "Chen", "Yang", "Huang", "Zhao", "Wu",
            "Zhou", "Xu", "Sun", "Ma", "Zhu", "Hu", "Guo", "He", "Lin", "Gao", "Luo", "Kim", "Lee",
            "Park", "Choi", "Jung", "Kang", "Cho", "Yoon", "Jang", "Lim", "Han", "Shin", "Satō",
            "Suzuki", "Takahashi", "Tanaka", "Itō", "Watanabe", "Yamamoto", "Nakamura", "Kobayashi",
        ]),
        particles: &[],
        phone: "+84 24 555",
    },
    Origin {
        share: 60,
        women: &[
            "Astrid", "Ingrid", "Linnéa", "Åsa", "Märta", "Kerstin", "Freja", "Sigrid", "Solveig",
            "Gunnhild", "Þóra", "Guðrún", "Aino", "Päivi", "Eeva", "Sinikka", "Bente", "Søs", "Maja",
        ],
        men: &[
            "Lars", "Anders", "Johan", "Erik", "Göran", "Åke", "Håkan", "Jørgen", "Søren", "Bjørn",
            "Øyvind", "Magnús", "Þórður", "Juhani", "Väinö", "Mikko", "Jens", "Niels", "Knud",
        ],
        families: Family::Made(
            &[
                "Ander", "Johan", "Karl", "Nil", "Erik", "Lar", "Ol", "Pet", "Svens", "Gustaf", "Peder",
                "Han", "Jen", "Kristian", "Sør", "Rasmus", "Jørgen", "Lind", "Berg", "Lund", "Sand",
                "Ek", "Björk", "Hög", "Ny", "Söder", "Väster", "Öster", "Norr", "Sjö", "Åker", "Skog",
            ],
            &["son", "sson", "sen", "ström", "berg", "qvist", "gren", "lund", "gaard", "dóttir", "nen"],
        ),
        particles: &["af"],
        phone: "+46 8 555",
    },
    Origin {
        share: 50,
        women: &[
            "Priya", "Ananya", "Lakshmi", "Sunita", "Meera", "Kavita", "Deepa", "Radha", "Pooja",
            "Neha", "Shreya", "Divya", "Sita", "Anjali", "Rekha", "Indira", "Aditi", "Nandini",
        ],
        men: &[
            "Rahul", "Amit", "Sanjay", "Vijay", "Raj", "Arjun", "Suresh", "Ramesh", "Anil", "Ravi",
            "Krishna", "Mohan", "Ashok", "Deepak", "Vikram", "Aditya", "Rohan", "Harish", "Ganesh",
        ],
        families: Family::Made(
            &[
                "Sharm", "Verm", "Gup", "Pat", "Redd", "Nai", "Men", "Iy", "Banerj", "Chatterj",
                "Mukherj", "Srin", "Venkat", "Rama", "Subra", "Kris", "Desh", "Kul", "Josh", "Meht",
                "Agar", "Bhat", "Chaud", "Mish", "Pand", "Tri", "Yad", "Raj", "Khann", "Kap", "Malh",
            ],
            &["a", "el", "y", "r", "on", "ee", "ivasan", "raman", "pande", "karni", "i", "ta", "wal", "an"],
        ),
        particles: &[],
        phone: "+91 11 555",
    },
    Origin {
        share: 90,
        women: &[
            "Giulia", "Francesca", "Chiara", "Noémie", "Zoë", "Hélène", "Amélie", "Élodie", "Céline",
            "Françoise", "Geneviève", "Joséphine", "Beatriz", "Inês", "João-Maria", "Conceição",
            "Margaux", "Anaïs", "Lieke", "Femke", "Sanne", "Fleur", "Marijke", "Ilse", "Joke",
        ],
        men: &[
            "Marco", "Luca", "Niccolò", "François", "Jean-Pierre", "Jean-Luc", "André", "Étienne",
            "Benoît", "Loïc", "Gaël", "João", "Luís", "Gonçalo", "Sebastião", "Jeroen", "Pieter",
            "Willem", "Maarten", "Joris", "Daan", "Sjoerd", "Giuseppe", "Salvatore", "Matteo",
        ],
        families: Family::Made(
            &[
                "Bern", "Dub", "Laur", "Mor", "Lef", "Mich", "Gar", "Rouss", "Vinc", "Four", "Gir",
                "Bonn", "Dup", "Lamb", "Font", "Rivi", "Chev", "Gaut", "Perr", "Mart", "Ross", "Russ",
                "Ferr", "Espos", "Bianch", "Colomb", "Ricc", "Mar", "Grec", "Brun", "Gall", "Cont",
                "Mancin", "Silv", "Sant", "Ferreir", "Oliveir", "Perei", "Almeid", "Vriess", "Jans",
            ],
            &[
                "ard", "ois", "ent", "eau", "ier", "on", "elli", "etti", "ini", "oni", "ato", "ari",
                "a", "eira", "inho", "ens", "stra", "ma", "aux", "eux", "ot", "ette",
            ],
        ),
        particles: &["de", "van", "van der", "van den", "di", "da", "dos", "d'", "le"],
        phone: "+33 1 55 55",
    },
];
