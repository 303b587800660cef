-- Has this session know pg_trgm's settings, without which none may be set below.
SELECT show_limit();

-- The customers of the set organization that match `wanted` (folded), at most `most` of them, and
-- how well: the number itself 4, the name's first letters 3, a word's in it 2, any place 1.
-- With a `member` those only of which that member is an owner.
-- Under three characters: by the first letters of name or number. Else every word must occur. Only
-- where no customer has them all do names that are merely alike count, below 1: two letters have
-- changed places, or most groups of three letters are the same. A word that occurs somewhere is taken
-- to be spelt as meant, unless nothing is found so.
-- Each word is a condition of its own in a statement of its own, or the index would not be used.
CREATE OR REPLACE FUNCTION search_customers(wanted text, most integer, member uuid DEFAULT NULL)
RETURNS TABLE (customer_id uuid, likeness real, name text)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp
SET pg_trgm.word_similarity_threshold = 0.6
SET enable_seqscan = on
AS $$
#variable_conflict use_column
DECLARE
    organization CONSTANT uuid := nullif(current_setting('paidup.organization', true), '')::uuid;
    among text := format('FROM customers_searchrow s WHERE s.organization_id = %L', organization)
        || CASE WHEN member IS NULL THEN '' ELSE format(
            ' AND s.customer_id IN (SELECT owned.id FROM customers_customer owned'
            ' WHERE owned.organization_id = %1$L AND (owned.billing_owner_id = %2$L'
            ' OR owned.account_manager_id = %2$L OR owned.sales_rep_id = %2$L'
            ' OR owned.manager_id = %2$L))',
            organization, member) END;
    first_letters text := regexp_replace(wanted, '([\\%_])', '\\\1', 'g') || '%';
    every_word text := '';
    occurs text;
    known text := '';
    alike text;
    all_alike text := '';
    unknown_alike text := '';
    likeness_of_words text := '0';
    words_compared integer := 0;
    is_known boolean;
    word text;
    swapped text[];
    condition text;
    threshold text;
    found integer;
BEGIN
    IF length(wanted) < 3 THEN
        RETURN QUERY EXECUTE format(
            'SELECT s.customer_id, 1::real, s.name %1$s'
            ' AND (s.name LIKE %2$L OR s.number LIKE %2$L) LIMIT %3$s',
            among, first_letters, most);
        RETURN;
    END IF;
    FOREACH word IN ARRAY string_to_array(wanted, ' ') LOOP
        every_word := every_word || format(
            ' AND s.words LIKE %L', '%' || regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%');
    END LOOP;
    RETURN QUERY EXECUTE format(
        'SELECT s.customer_id, (CASE WHEN s.number = %L THEN 4 WHEN s.name LIKE %L THEN 3'
        ' WHEN s.name LIKE %L THEN 2 ELSE 1 END)::real, s.name %s %s LIMIT %s',
        wanted, first_letters, '% ' || first_letters, among, every_word, most);
    GET DIAGNOSTICS found = ROW_COUNT;
    IF found > 0 OR wanted ~ '[0-9]' THEN
        RETURN;
    END IF;
    FOREACH word IN ARRAY regexp_split_to_array(wanted, '[^[:alpha:]]+') LOOP
        CONTINUE WHEN length(word) < 3;
        SELECT array_agg('%' || left(word, n - 1) || substr(word, n + 1, 1) || substr(word, n, 1)
                || substr(word, n + 2) || '%')
            INTO swapped FROM generate_series(1, length(word) - 1) AS n;
        alike := format(' AND (%L <%% s.names', word) || (
            SELECT string_agg(format(' OR s.names LIKE %L', one), '') FROM unnest(swapped) AS one
        ) || ')';
        all_alike := all_alike || alike;
        occurs := format(' AND s.names LIKE %L', '%' || word || '%');
        EXECUTE format('SELECT EXISTS (SELECT %s %s)', among, occurs) INTO is_known;
        IF is_known THEN
            known := known || occurs;
        ELSE
            unknown_alike := unknown_alike || alike;
        END IF;
        likeness_of_words := likeness_of_words || format(
            ' + CASE WHEN s.names LIKE ANY (%L) THEN 0.9 ELSE word_similarity(%L, s.names) END',
            swapped, word);
        words_compared := words_compared + 1;
    END LOOP;
    IF words_compared = 0 THEN
        RETURN;
    END IF;
    -- Names that are much alike first; a long way off only where there are none. Hoping for an early
    -- end, the planner would rather compare every name.
    PERFORM set_config('enable_seqscan', 'off', true);
    FOREACH condition IN ARRAY CASE WHEN known = '' OR unknown_alike = '' THEN ARRAY[all_alike]
            ELSE ARRAY[known || unknown_alike, all_alike] END LOOP
        FOREACH threshold IN ARRAY ARRAY['0.6', '0.4'] LOOP
            PERFORM set_config('pg_trgm.word_similarity_threshold', threshold, true);
            RETURN QUERY EXECUTE format(
                'SELECT s.customer_id, (0.99 * (%s) / %s)::real, s.name %s %s LIMIT %s',
                likeness_of_words, words_compared, among, condition, least(50, most));
            GET DIAGNOSTICS found = ROW_COUNT;
            IF found > 0 THEN
                RETURN;
            END IF;
        END LOOP;
    END LOOP;
END $$;
