/*
 * schema: the tables of one view.  docs/FORMAT.md tells what each column
 * holds.  Written by indexer/write.c, read by the retrieval modules of lib/
 * and the reports of indexer/.
 *
 * application_id and user_version are store.h's.  Dates are integers
 * (yyyymmdd) or NULL; texts that are not known are NULL.
 */
#ifndef KB_LIB_SCHEMA_H
#define KB_LIB_SCHEMA_H

#define KB_SCHEMA							\
"CREATE TABLE meta("							\
"  key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"		\
"CREATE TABLE article("							\
"  n INTEGER PRIMARY KEY,"						\
"  id TEXT NOT NULL,"							\
"  declared TEXT,"							\
"  path TEXT NOT NULL, member TEXT, number INTEGER,"			\
"  start INTEGER NOT NULL, end INTEGER NOT NULL, line INTEGER,"		\
"  format TEXT NOT NULL, source TEXT NOT NULL,"				\
"  title TEXT, url TEXT, edit_url TEXT, lang TEXT,"			\
"  owner TEXT, owner_kind TEXT, owner_source TEXT,"			\
"  authors TEXT, editor TEXT,"						\
"  created INTEGER, modified INTEGER, reviewed INTEGER,"		\
"  review_due INTEGER, expires INTEGER,"				\
"  status INTEGER NOT NULL,"						\
"  version TEXT, replaced_by TEXT, audience TEXT, category TEXT,"	\
"  restricted INTEGER NOT NULL DEFAULT 0,"				\
"  product TEXT, tags TEXT, views INTEGER, votes INTEGER,"		\
"  description TEXT,"							\
"  words INTEGER NOT NULL,"						\
"  cluster INTEGER,"		/* n of its canonical */		\
"  relation TEXT,"		/* to it: identical, near, version */	\
"  reason TEXT);"		/* why it is the canonical */		\
"CREATE TABLE alias("							\
"  alias TEXT NOT NULL, article INTEGER NOT NULL,"			\
"  PRIMARY KEY(alias, article)) WITHOUT ROWID;"				\
"CREATE TABLE passage("							\
"  n INTEGER PRIMARY KEY,"						\
"  article INTEGER NOT NULL, seq INTEGER NOT NULL,"			\
"  field TEXT, start INTEGER NOT NULL, end INTEGER NOT NULL,"		\
"  heading TEXT, anchor TEXT, context TEXT NOT NULL,"			\
"  lead INTEGER NOT NULL, words INTEGER NOT NULL,"			\
"  map BLOB, text TEXT NOT NULL);"					\
"CREATE TABLE place("			/* headings and anchors inside */	\
"  passage INTEGER NOT NULL, at INTEGER NOT NULL,"			\
"  heading TEXT, anchor TEXT,"						\
"  PRIMARY KEY(passage, at)) WITHOUT ROWID;"				\
"CREATE TABLE term("							\
"  term TEXT PRIMARY KEY, df INTEGER NOT NULL) WITHOUT ROWID;"		\
"CREATE TABLE link("							\
"  article INTEGER NOT NULL, seq INTEGER NOT NULL,"			\
"  href TEXT NOT NULL, target INTEGER,"					\
"  PRIMARY KEY(article, seq)) WITHOUT ROWID;"				\
"CREATE TABLE duplicate("						\
"  a INTEGER NOT NULL, b INTEGER NOT NULL, relation TEXT NOT NULL,"	\
"  shared INTEGER NOT NULL, size_a INTEGER NOT NULL,"			\
"  size_b INTEGER NOT NULL, own_shared INTEGER NOT NULL,"		\
"  own_a INTEGER NOT NULL, own_b INTEGER NOT NULL,"			\
"  PRIMARY KEY(a, b)) WITHOUT ROWID;"					\
"CREATE TABLE shingle_set("	/* of equal ones the first */		\
"  article INTEGER PRIMARY KEY, shingles INTEGER NOT NULL);"		\
"CREATE TABLE shingle_same("						\
"  leader INTEGER NOT NULL, article INTEGER NOT NULL,"			\
"  PRIMARY KEY(leader, article)) WITHOUT ROWID;"			\
"CREATE TABLE shingle_common("	/* what is ordered last */		\
"  first INTEGER PRIMARY KEY, data BLOB NOT NULL);"			\
"CREATE TABLE shingle_posting("						\
"  first INTEGER PRIMARY KEY, data BLOB NOT NULL);"			\
"CREATE TABLE conflict("						\
"  n INTEGER PRIMARY KEY, kind TEXT NOT NULL,"				\
"  a INTEGER NOT NULL, passage_a INTEGER NOT NULL, field_a TEXT,"	\
"  start_a INTEGER NOT NULL, end_a INTEGER NOT NULL,"			\
"  fact_a TEXT, quote_a TEXT NOT NULL,"					\
"  b INTEGER NOT NULL, passage_b INTEGER NOT NULL, field_b TEXT,"	\
"  start_b INTEGER NOT NULL, end_b INTEGER NOT NULL,"			\
"  fact_b TEXT, quote_b TEXT NOT NULL);"				\
"CREATE TABLE competing("	/* b is to be trusted more */		\
"  a INTEGER NOT NULL, b INTEGER NOT NULL,"				\
"  score INTEGER NOT NULL,"	/* in thousandths, as the rest */	\
"  title INTEGER NOT NULL, body INTEGER NOT NULL,"			\
"  PRIMARY KEY(a, b)) WITHOUT ROWID;"					\
"CREATE TABLE finding("							\
"  n INTEGER PRIMARY KEY, code TEXT NOT NULL, level INTEGER NOT NULL,"	\
"  article INTEGER, path TEXT, line INTEGER, col INTEGER,"		\
"  start INTEGER, end INTEGER,"						\
"  message TEXT NOT NULL, value TEXT, threshold TEXT,"			\
"  fingerprint TEXT NOT NULL, priority REAL NOT NULL);"			\
"CREATE VIRTUAL TABLE fts USING fts5("					\
"  title, heading, body, surface,"					\
"  content='', tokenize='ascii', detail=full);"

/* After everything is in: they are cheaper to make at once. */
#define KB_SCHEMA_INDEXES						\
"CREATE UNIQUE INDEX article_id ON article(id);"			\
"CREATE INDEX passage_article ON passage(article, seq);"		\
"CREATE INDEX article_cluster ON article(cluster)"			\
"  WHERE cluster IS NOT NULL;"						\
"CREATE INDEX finding_article ON finding(article);"

#endif /* KB_LIB_SCHEMA_H */
