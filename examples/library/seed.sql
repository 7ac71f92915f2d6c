CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, born INTEGER);
CREATE TABLE books (
  id INTEGER PRIMARY KEY,
  title TEXT NOT NULL,
  author_id INTEGER NOT NULL REFERENCES authors (id),
  year INTEGER NOT NULL,
  pages INTEGER
);
CREATE INDEX books_by_author ON books (author_id, year);
CREATE TABLE members (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL, town TEXT NOT NULL);
CREATE TABLE loans (
  book_id INTEGER NOT NULL REFERENCES books (id),
  day TEXT NOT NULL,
  member_id INTEGER NOT NULL REFERENCES members (id),
  PRIMARY KEY (book_id, day)
);
CREATE VIEW catalogue AS
  SELECT b.id, b.title, a.name AS author, b.year FROM books b JOIN authors a ON a.id = b.author_id;

INSERT INTO authors VALUES
  (1, 'Ursula K. Le Guin', 1929), (2, 'Stanisław Lem', 1921), (3, 'Octavia E. Butler', 1947),
  (4, 'Italo Calvino', 1923), (5, 'Flann O''Brien', 1911), (6, 'Tove Jansson', 1914);
INSERT INTO books VALUES
  (1, 'The Left Hand of Darkness', 1, 1969, 304), (2, 'The Lathe of Heaven', 1, 1971, 184),
  (3, 'The Dispossessed', 1, 1974, 387), (4, 'Always Coming Home', 1, 1985, 525),
  (5, 'Solaris', 2, 1961, 204), (6, 'The Cyberiad', 2, 1965, 295), (7, 'His Master''s Voice', 2, 1968, 210),
  (8, 'Kindred', 3, 1979, 264), (9, 'Wild Seed', 3, 1980, 248), (10, 'Parable of the Sower', 3, 1993, 299),
  (11, 'Cosmicomics', 4, 1965, 185), (12, 'Invisible Cities', 4, 1972, 165),
  (13, 'At Swim-Two-Birds', 5, 1939, 316), (14, 'The Third Policeman', 5, 1967, 200),
  (15, 'The Summer Book', 6, 1972, 180), (16, 'The True Deceiver', 6, 1982, 208);
INSERT INTO members VALUES
  (1, 'Ada', 'ada@example.com', 'Oslo'), (2, 'Bo', 'bo@example.com', 'Bergen'), (3, 'Cleo', 'cleo@example.com', 'Oslo');
-- 120 loans, one a day.
WITH RECURSIVE days (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM days WHERE n < 119)
INSERT INTO loans
  SELECT 1 + n * n % 23 % 16, '2026-' || substr(CAST(101 + n / 28 AS TEXT), 2) || '-' || substr(CAST(101 + n % 28 AS TEXT), 2), 1 + n % 3 FROM days;
