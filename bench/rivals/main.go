// Appends the lines of standard input to stores that prove what they hold, each to its own folder, and prints entries a second of
// each as JSON: immudb's embedded store, a transaction a batch, synced; and a tessera log on files, acknowledged with an index.
package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/codenotary/immudb/embedded/logger"
	"github.com/codenotary/immudb/embedded/store"
	"github.com/transparency-dev/tessera"
	"github.com/transparency-dev/tessera/storage/posix"
	"golang.org/x/mod/sumdb/note"
)

const maxLineBytes = 4 << 20

type figures struct {
	Entries          int     `json:"entries"`
	TesseraPerSecond float64 `json:"tesseraPerSecond"`
	ImmudbPerSecond  float64 `json:"immudbPerSecond"`
}

func main() {
	batch := flag.Int("batch", 100, "entries that are appended together")
	outstanding := flag.Int("outstanding", 10, "batches that wait for their acknowledgement at the same time")
	flag.Parse()
	if err := run(*batch, *outstanding); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(batch, outstanding int) error {
	entries, err := lines()
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "rivals-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	tesseraPerSecond, err := appendToTessera(filepath.Join(folder, "tessera"), entries, batch, outstanding)
	if err != nil {
		return fmt.Errorf("tessera: %w", err)
	}
	immudbPerSecond, err := appendToImmudb(filepath.Join(folder, "immudb"), entries, batch, outstanding)
	if err != nil {
		return fmt.Errorf("immudb: %w", err)
	}
	return json.NewEncoder(os.Stdout).Encode(figures{len(entries), tesseraPerSecond, immudbPerSecond})
}

func lines() ([][]byte, error) {
	var found [][]byte
	scanner := bufio.NewScanner(os.Stdin)
	scanner.Buffer(make([]byte, 0, 1<<16), maxLineBytes)
	for scanner.Scan() {
		found = append(found, bytes.Clone(scanner.Bytes()))
	}
	if err := scanner.Err(); err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, errors.New("got no lines on standard input, want one an entry")
	}
	return found, nil
}

// Has several batches wait at the same time, and gives entries a second. The first error ends it.
func timed(entries [][]byte, batch, outstanding int, add func(first int, entries [][]byte) error) (float64, error) {
	firsts := make(chan int)
	failed := make(chan error, outstanding)
	var workers sync.WaitGroup
	begun := time.Now()
	for range outstanding {
		workers.Go(func() {
			for first := range firsts {
				if err := add(first, entries[first:min(first+batch, len(entries))]); err != nil {
					failed <- err
					return
				}
			}
		})
	}
	var err error
	for first := 0; first < len(entries) && err == nil; first += batch {
		select {
		case firsts <- first:
		case err = <-failed:
		}
	}
	close(firsts)
	workers.Wait()
	close(failed)
	if err == nil {
		err = <-failed
	}
	return float64(len(entries)) / time.Since(begun).Seconds(), err
}

func appendToTessera(folder string, entries [][]byte, batch, outstanding int) (float64, error) {
	ctx := context.Background()
	secret, _, err := note.GenerateKey(rand.Reader, "rivals.example/log")
	if err != nil {
		return 0, err
	}
	signer, err := note.NewSigner(secret)
	if err != nil {
		return 0, err
	}
	driver, err := posix.New(ctx, posix.Config{Path: folder})
	if err != nil {
		return 0, err
	}
	options := tessera.NewAppendOptions().
		WithCheckpointSigner(signer).
		WithCheckpointInterval(100*time.Millisecond).
		WithBatching(uint(batch*outstanding/2), 50*time.Millisecond)
	appender, shutdown, _, err := tessera.NewAppender(ctx, driver, options)
	if err != nil {
		return 0, err
	}
	perSecond, err := timed(entries, batch, outstanding, func(_ int, some [][]byte) error {
		indices := make([]tessera.IndexFuture, len(some))
		for i, entry := range some {
			indices[i] = appender.Add(ctx, tessera.NewEntry(entry))
		}
		for _, index := range indices {
			if _, err := index(); err != nil {
				return err
			}
		}
		return nil
	})
	return perSecond, errors.Join(err, shutdown(ctx))
}

func appendToImmudb(folder string, entries [][]byte, batch, outstanding int) (float64, error) {
	ctx := context.Background()
	options := store.DefaultOptions().
		WithSynced(true).
		WithMaxConcurrency(outstanding).
		WithLogger(logger.NewSimpleLoggerWithLevel("immudb", os.Stderr, logger.LogError))
	opened, err := store.Open(folder, options)
	if err != nil {
		return 0, err
	}
	perSecond, err := timed(entries, batch, outstanding, func(first int, some [][]byte) error {
		tx, err := opened.NewWriteOnlyTx(ctx)
		if err != nil {
			return err
		}
		for i, entry := range some {
			key := binary.BigEndian.AppendUint64(nil, uint64(first+i))
			if err := tx.Set(key, nil, entry); err != nil {
				return errors.Join(err, tx.Cancel())
			}
		}
		_, err = tx.AsyncCommit(ctx)
		return err
	})
	return perSecond, errors.Join(err, opened.Close())
}
