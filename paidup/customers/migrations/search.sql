CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gin;

CREATE INDEX search_words ON customers_searchrow USING gin (organization_id, words gin_trgm_ops);
CREATE INDEX search_name ON customers_searchrow (organization_id, name text_pattern_ops);
CREATE INDEX search_number ON customers_searchrow (organization_id, number text_pattern_ops);

-- The customers of the set organization that match `wanted` (folded), at most `most` of them.
-- Under three characters: by prefix of name or number. Else every word must occur; and where
-- that finds few, words that are merely similar count too.
CREATE FUNCTION search_customers(wanted text, most integer)
RETURNS TABLE (customer_id uuid, likeness real)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp
SET pg_trgm.word_similarity_threshold = 0.5
AS $$
#variable_conflict use_column
DECLARE
    tenant uuid := nullif(current_setting('paidup.organization', true), '')::uuid;
    literal text := replace(replace(replace(wanted, '\', '\\'), '%', '\%'), '_', '\_');
    patterns text[];
    found integer;
BEGIN
    IF length(wanted) < 3 THEN
        RETURN QUERY
            SELECT s.customer_id, 1::real FROM customers_searchrow s
            WHERE s.organization_id = tenant
                AND (s.name LIKE literal || '%' OR s.number LIKE literal || '%')
            LIMIT most;
        RETURN;
    END IF;
    SELECT array_agg('%' || word || '%') INTO patterns
        FROM regexp_split_to_table(literal, ' +') AS word;
    RETURN QUERY
        SELECT s.customer_id, 1::real FROM customers_searchrow s
        WHERE s.organization_id = tenant AND s.words LIKE ALL (patterns)
        LIMIT most;
    GET DIAGNOSTICS found = ROW_COUNT;
    IF found >= 10 THEN
        RETURN;
    END IF;
    RETURN QUERY
        SELECT s.customer_id, word_similarity(wanted, s.words) FROM customers_searchrow s
        WHERE s.organization_id = tenant AND wanted <% s.words AND NOT s.words LIKE ALL (patterns)
        ORDER BY 2 DESC
        LIMIT most - found;
END $$;
